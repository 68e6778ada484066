import { z } from 'zod';
import { answerDecider } from '../../domain/answer.ts';
import { shorten } from '../../domain/identifiers.ts';
import { Refusal } from '../../domain/refusal.ts';
import { streamName } from '../../domain/streams.ts';
import type { Action, JsonObject } from '../../domain/surface.ts';
import { MemberText } from '../../domain/text.ts';
import {
  countWaiting,
  findAnswer,
  findCorrection,
  reviewQueue,
  standingCorrection,
  waitingCorrections,
} from '../../projections/answers.ts';
import type { AnswerRow, CorrectionRow } from '../../projections/tables.ts';
import { type Answered, type CommandContext, defineCommand } from '../command.ts';
import { choice, count, countUpTo, named, oneOf, reference, Word } from '../options.ts';
import { nextAndFirst, unless } from '../paging.ts';
import { excerpt, shownTime } from '../words.ts';

const USUAL_LIMIT = 5;
/** Of one answer; the others follow when these are decided on. */
const SHOWN_OF_ANSWER = 5;
/** Three buttons each, and two more to turn the page, are as many as stand under a message. */
const WITH_BUTTONS = 7;
const SHOWN_CHARACTERS = 300;

const decisions = ['approve', 'reject'] as const;

const options = z.object({
  correction: named(Word.optional(), reference('correction')),
  decision: named(oneOf(decisions).optional(), choice(decisions)),
  text: named(MemberText.optional()),
  question: named(MemberText.optional()),
  reason: named(MemberText.optional()),
  after: named(Word.optional(), reference('correction')),
  limit: named(countUpTo(25).optional(), count(25)),
});
type Options = z.infer<typeof options>;

export const review = defineCommand({
  name: 'review',
  right: 'trainer',
  begins: ['CorrectionApproved', 'CorrectionRejected'],
  isPrivate: true,
  options,
  run: async (context, given) => {
    const { correction, decision, text, question, reason } = given;
    const decides = [correction, decision, text, question, reason].some((value) => value !== undefined);
    return decides ? decide(context, given) : showQueue(context, given);
  },
  form: async (context, raw) => {
    const row = await knownCorrection(context, raw.correction ?? 'last');
    if (row.status !== 'awaiting_review') throw decided(row);
    const answer = await findAnswer(context.services.readModels.db, context.cause.scope, row.answer);
    const { title, question, answer: better } = context.words.actions.reviewForm;
    return {
      title,
      fields: [
        { option: 'question', label: question, value: questionOf(row, answer), required: false },
        { option: 'text', label: better, value: row.text, required: false },
      ],
      request: { command: 'review', options: { correction: row.id, decision: 'approve' } },
    };
  },
});

function decided({ id, status }: CorrectionRow): Refusal {
  if (status === 'awaiting_review') throw new Error(`the correction ${id} is not decided on`);
  return new Refusal(({ review }) => review.decided[status](shorten(id)));
}

/** What a correction answers: its own question, or else the one that was asked. */
function questionOf({ question }: CorrectionRow, answer: AnswerRow | undefined): string {
  return question ?? answer?.prompt ?? '';
}

async function knownCorrection(
  { services, cause, resolve }: CommandContext,
  given: string,
): Promise<CorrectionRow> {
  const id = await resolve('correction', given);
  const row = await findCorrection(services.readModels.db, cause.scope, id);
  if (row === undefined) throw new Refusal(({ review }) => review.unknown(shorten(id)));
  return row;
}

async function decide(context: CommandContext, given: Options): Promise<Answered> {
  const { correction, decision, reason, after, limit } = given;
  if (correction === undefined || decision === undefined) {
    throw new Refusal(({ review }) => review.decisionMissing);
  }
  if (after !== undefined || limit !== undefined) throw new Refusal(({ review }) => review.pageOfDecision);
  const row = await knownCorrection(context, correction);
  if (decision === 'reject') {
    if (given.text !== undefined || given.question !== undefined) {
      throw new Refusal(({ review }) => review.textOfRejected);
    }
    return reject(context, row, reason ?? null);
  }
  if (reason !== undefined) throw new Refusal(({ review }) => review.reasonOfApproved);
  return approve(context, row, given);
}

async function approve(context: CommandContext, row: CorrectionRow, given: Options): Promise<Answered> {
  const { services, cause, handle, words, isTrainer } = context;
  const asked = await findAnswer(services.readModels.db, cause.scope, row.answer);
  const { id: correction, answer } = row;
  const { events } = await handle(streamName(cause.scope, 'answer', answer), answerDecider, {
    kind: 'approve correction',
    answer,
    correction,
    text: changed(given.text, row.text),
    question: changed(given.question, questionOf(row, asked)),
    reviewer: { member: cause.actor, isTrainer },
  });
  const approved = events.find((event) => event.type === 'CorrectionApproved')?.data;
  const edited = { text: approved?.text ?? null, question: approved?.question ?? null };
  return {
    text: words.review.approved({
      correction: shorten(correction),
      answer: shorten(answer),
      isEdited: edited.text !== null || edited.question !== null,
      prefix: services.settings.prefix,
    }),
    data: { answer, correction, decision: 'approve', ...edited },
  };
}

/** Null where nothing was edited: forms hand in what they were filled with, perhaps with other white space around it. */
function changed(given: string | undefined, before: string): string | null {
  return given === undefined || given.trim() === before.trim() ? null : given;
}

async function reject(
  { cause, handle, words, isTrainer }: CommandContext,
  { id: correction, answer }: CorrectionRow,
  reason: string | null,
): Promise<Answered> {
  await handle(streamName(cause.scope, 'answer', answer), answerDecider, {
    kind: 'reject correction',
    answer,
    correction,
    reason,
    reviewer: { member: cause.actor, isTrainer },
  });
  return {
    text: words.review.rejected({ correction: shorten(correction), answer: shorten(answer) }),
    data: { answer, correction, decision: 'reject', reason },
  };
}

/** An answer with the corrections that wait, and the one that counts now. */
interface Entry {
  readonly answer: AnswerRow;
  readonly waiting: readonly CorrectionRow[];
  readonly standing: CorrectionRow | undefined;
}

async function showQueue(context: CommandContext, given: Options): Promise<Answered> {
  const { services, cause, words } = context;
  const { db } = services.readModels;
  const { prefix } = services.settings;
  const { after, limit = USUAL_LIMIT } = given;
  const bound = after === undefined ? null : await knownCorrection(context, after);
  const found = await reviewQueue(db, cause.scope, { after: bound?.ordinal ?? null, limit: limit + 1 });
  const entries: Entry[] = [];
  for (const { answer } of found.slice(0, limit)) {
    const row = await findAnswer(db, cause.scope, answer);
    if (row === undefined) continue;
    const waiting = await waitingCorrections(db, cause.scope, answer);
    entries.push({ answer: row, waiting, standing: await standingCorrection(db, cause.scope, answer) });
  }
  const total = await countWaiting(db, cause.scope);
  const next = found.length > limit ? (entries.at(-1)?.waiting[0]?.id ?? null) : null;
  const page = { after: bound?.id, next };
  return {
    text: queueText(context, entries, total, next),
    data: { waiting: total, answers: entries.map(entryData), after: next },
    actions: [
      ...entries
        .flatMap(({ waiting }) => waiting.slice(0, SHOWN_OF_ANSWER))
        .slice(0, WITH_BUTTONS)
        .flatMap(({ id }) => decisionActions(id, context)),
      ...nextAndFirst(words, 'review', page, { limit: unless(USUAL_LIMIT, limit) }),
    ],
  };

  function queueText(
    { words: { review } }: CommandContext,
    shown: readonly Entry[],
    waiting: number,
    further: string | null,
  ): string {
    if (waiting === 0) return review.none;
    if (shown.length === 0) return review.noFurther(prefix);
    return [
      review.heading(waiting),
      ...shown.flatMap((entry) => entryLines(entry, context)),
      ...(further === null ? [] : [review.more(shorten(further))]),
      review.howTo(prefix),
    ].join('\n');
  }
}

function entryLines({ answer, waiting, standing }: Entry, { words: { review } }: CommandContext): string[] {
  const shown = waiting.slice(0, SHOWN_OF_ANSWER);
  const more = waiting.length - shown.length;
  const lines = [
    ...(standing === undefined
      ? []
      : [review.standing({ correction: shorten(standing.id), text: excerpt(standing.text) })]),
    ...shown.map(({ id, text, question, member, time }) =>
      review.waiting({
        correction: shorten(id),
        text: excerpt(text, SHOWN_CHARACTERS),
        question: question === null ? null : excerpt(question),
        member,
        time: shownTime(time),
      }),
    ),
    ...(more > 0 ? [review.moreOfAnswer(more)] : []),
    ...(disagree(waiting) ? [review.disagree(waiting.length)] : []),
  ];
  return [
    review.answer({
      answer: shorten(answer.id),
      question: excerpt(answer.prompt),
      response: excerpt(answer.response ?? ''),
    }),
    ...lines.map((line) => `  ${line}`),
  ];
}

function disagree(waiting: readonly CorrectionRow[]): boolean {
  return new Set(waiting.map(({ text }) => text.trim())).size > 1;
}

function entryData({ answer, waiting, standing }: Entry): JsonObject {
  return {
    answer: answer.id,
    prompt: answer.prompt,
    response: answer.response,
    standing: standing === undefined ? null : { correction: standing.id, text: standing.text },
    disagree: disagree(waiting),
    corrections: waiting.map(({ id, text, question, member, time, origin }) => ({
      correction: id,
      text,
      question,
      member,
      time,
      origin,
    })),
  };
}

function decisionActions(correction: string, { words: { review } }: CommandContext): readonly Action[] {
  const shown = shorten(correction);
  const decideOn = (decision: (typeof decisions)[number]) => ({
    command: 'review',
    options: { correction, decision },
  });
  return [
    {
      label: review.approveButton(shown),
      emoji: null,
      style: 'success',
      kind: 'run',
      request: decideOn('approve'),
    },
    {
      label: review.editButton(shown),
      emoji: null,
      style: 'secondary',
      kind: 'form',
      request: { command: 'review', options: { correction } },
    },
    {
      label: review.rejectButton(shown),
      emoji: null,
      style: 'danger',
      kind: 'run',
      request: decideOn('reject'),
    },
  ];
}
