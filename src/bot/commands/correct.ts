import { z } from 'zod';
import { answerDecider } from '../../domain/answer.ts';
import { complaintOf } from '../../domain/complaint.ts';
import type { EventData } from '../../domain/events.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import type { Origin } from '../../domain/policy.ts';
import type { SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { needsReview } from '../../domain/scope-settings.ts';
import { streamName } from '../../domain/streams.ts';
import { MAX_TEXT_LENGTH, MemberText } from '../../domain/text.ts';
import { findAnswer } from '../../projections/answers.ts';
import { policyOf } from '../../projections/members.ts';
import { type CommandContext, defineCommand, spellingOf } from '../command.ts';
import { named, positional, reference, rest, Word } from '../options.ts';

const options = z.object({
  answer: positional(Word, reference('answer')),
  text: rest(MemberText.optional()),
  question: named(MemberText.optional()),
});

export const correct = defineCommand({
  name: 'correct',
  right: 'everyone',
  begins: ['CorrectionGiven'],
  takesFile: true,
  options,
  run: async (context, given) => {
    const { services, cause, handle, words } = context;
    const correction = await correctionFrom(context, given);
    const { answer } = correction;
    const command = { kind: 'give correction', correction } as const;
    const stream = streamName(cause.scope, 'answer', answer);
    const origin = originOf(context, given);
    const { events } = await handle(stream, answerDecider, command, origin);
    // A repeated command waits or counts as it did the first time.
    const recorded = events.find((event) => event.type === 'CorrectionGiven')?.data ?? correction;
    const named = { correction: shorten(recorded.correction), answer: shorten(answer) };
    const waits = recorded.review === 'required';
    const told = waits
      ? words.corrections.waits(named)
      : words.corrections.recorded({ ...named, prefix: services.settings.prefix });
    const isOnlyMessage = await isOfMessage(context, recorded, origin);
    return {
      text: isOnlyMessage ? `${told} ${words.corrections.asMessage}` : told,
      data: { answer, correction: recorded.correction, question: recorded.question, waits },
    };
  },
  form: async ({ services, cause, resolve, words, mayShow }, raw) => {
    const answer = await resolve('answer', raw.answer ?? 'last');
    const row = await findAnswer(services.readModels.db, cause.scope, answer);
    if (row === undefined) throw new Refusal(({ refusals }) => refusals.answer.unknown);
    if (!(await mayShow(row))) throw new Refusal(({ corrections }) => corrections.elsewhere);
    if (row.response === null) throw new Refusal(({ refusals }) => refusals.answer.failed);
    const { title, question, answer: better } = words.actions.correctForm;
    return {
      title,
      fields: [
        { option: 'question', label: question, value: raw.question ?? row.prompt, required: true },
        { option: 'text', label: better, value: raw.text ?? row.response, required: true },
      ],
      request: { command: 'correct', options: { answer } },
    };
  },
});

/** Whether it can make no example for as long as messages are not trained on. */
async function isOfMessage(
  { services, cause }: CommandContext,
  { answer, question }: EventData<'CorrectionGiven'>,
  origin: Origin,
): Promise<boolean> {
  const { db } = services.readModels;
  const asked = question === null ? (await findAnswer(db, cause.scope, answer))?.origin : origin;
  if (origin !== 'message' && asked !== 'message') return false;
  return !(await policyOf(db, cause.scope)).permittedOrigins.includes('message');
}

async function correctionFrom(
  context: CommandContext,
  given: z.infer<typeof options>,
): Promise<EventData<'CorrectionGiven'>> {
  const { cause, resolve, prior, settings, isTrainer } = context;
  if (prior?.type === 'CorrectionGiven') return prior.data;
  return {
    answer: await resolve('answer', given.answer),
    correction: deriveId(cause.commandId, 'correction'),
    member: cause.actor,
    text: await betterAnswer(context, given.text),
    question: given.question ?? null,
    review: needsReview(settings, isTrainer) ? 'required' : 'not_required',
  };
}

/** A file is sent along on purpose. Where a question was written beside it, not everything came that way. */
function originOf({ incoming, cause }: CommandContext, { question }: z.infer<typeof options>): Origin {
  return incoming.attachments.length > 0 && question === undefined ? 'upload' : cause.origin;
}

async function betterAnswer(
  { incoming, services }: CommandContext,
  text: string | undefined,
): Promise<string> {
  const [file, ...others] = incoming.attachments;
  if (others.length > 0 || (file !== undefined && text !== undefined)) {
    throw new Refusal(({ corrections }) => corrections.textOrFile);
  }
  if (file !== undefined) return textOf(file);
  if (text !== undefined) return text;
  throw new Refusal((words) => {
    const { usage, names } = spellingOf(words, services.settings.prefix, 'correct', options);
    return words.lines.optionMissing({ option: names.text?.name ?? 'text', usage });
  });
}

/** A character takes at most four bytes, and a mark may stand before the first. */
const MAX_FILE_BYTES = 4 * MAX_TEXT_LENGTH + 3;

/** Without the line feed at its end, which editors add. @throws Refusal where it is not what may be written */
async function textOf(file: SourceFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of file.read()) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_FILE_BYTES) throw new Refusal(({ corrections }) => corrections.fileTooLong(file.path));
  }
  const text = decode(Buffer.concat(pieces));
  if (text === null) throw new Refusal(({ corrections }) => corrections.notText(file.path));
  const parsed = MemberText.safeParse(text.replace(/\r?\n$/, ''));
  if (parsed.success) return parsed.data;
  const complaint = complaintOf(parsed.error);
  throw new Refusal((words) => words.corrections.badFile({ file: file.path, complaint: complaint(words) }));
}

/** Null where it is not UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
