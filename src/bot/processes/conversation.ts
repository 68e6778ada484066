import { z } from 'zod';
import { answerDecider } from '../../domain/answer.ts';
import { complaintOf } from '../../domain/complaint.ts';
import type { PromptMessage } from '../../domain/events.ts';
import { deriveId, shorten } from '../../domain/identifiers.ts';
import type { Words } from '../../domain/languages/languages.ts';
import type { TrainedModel } from '../../domain/model.ts';
import type { Prediction } from '../../domain/ports.ts';
import { noteInWords, PredictionNote } from '../../domain/prediction-note.ts';
import { Refusal } from '../../domain/refusal.ts';
import { streamName } from '../../domain/streams.ts';
import type { Action } from '../../domain/surface.ts';
import { MemberText } from '../../domain/text.ts';
import { findAnswer, latestAnswer, recentTurns } from '../../projections/answers.ts';
import type { AnswerRow } from '../../projections/tables.ts';
import { activeModel } from '../active-model.ts';
import type { Answered, CommandContext } from '../command.ts';
import { recoverModel } from '../lost-content.ts';
import { chatModelOf } from '../model-providers.ts';
import { hasBeenSpoken } from './speaking.ts';

/** So that a question, the turns before it and the answer fit into one event together. */
const MAX_CONTEXT_BYTES = 200_000;

/** A member's free text: the active model answers it in the light of the conversation's last turns. */
export async function ask(context: CommandContext, text: string): Promise<Answered> {
  const { scope, commandId } = context.cause;
  const answer = deriveId(commandId, 'answer');
  let refusal: Refusal | null = null;
  if (context.prior === null) {
    const parsed = MemberText.safeParse(text);
    if (!parsed.success) {
      const complaint = complaintOf(parsed.error);
      throw new Refusal((words) => words.conversation.cannotAnswer(complaint(words)));
    }
    const conversation = await currentConversation(context);
    const turns = await earlierTurns(context, conversation);
    const question: PromptMessage = { role: 'user', content: text, answer: null, correction: null };
    const active = await activeModel(context.services, scope);
    const messages = [...turns, question];
    refusal = await predict(
      context,
      active,
      { answer, conversation, evaluation: null, messages },
      context.onText,
    );
  }
  const row = await findAnswer(context.services.readModels.db, scope, answer);
  if (row === undefined) throw usedId();
  return { ...presentAnswer(row, context.words, refusal), ...(await spokenOf(context, row)) };
}

/** What is to be heard of an answer; nothing of one that was heard before this command came again. */
async function spokenOf(
  { services, cause, prior, settings, incoming }: CommandContext,
  { id: answer, response: text }: AnswerRow,
): Promise<Pick<Answered, 'spoken'>> {
  const isOver = prior !== null && (await hasBeenSpoken(services, cause.scope, answer));
  const { voice, placeLocale } = incoming;
  // The place's, whoever asks: of those there are more than the bot itself speaks.
  const language = settings.locale ?? voice?.locale ?? placeLocale ?? services.settings.language;
  return text === null || isOver ? {} : { spoken: { answer, text, language } };
}

export function usedId(): Refusal {
  return new Refusal((words) => words.conversation.usedId);
}

export interface Asked {
  readonly answer: string;
  readonly conversation: string;
  readonly evaluation: string | null;
  readonly messages: readonly PromptMessage[];
}

/**
 * Asks a model and records what it said, or why it could not.
 * @param onText hears the answer grow, of which nothing is recorded before it is whole
 * @returns why it could not, null where it did
 */
export async function predict(
  context: CommandContext,
  { model, dataset }: TrainedModel,
  asked: Asked,
  onText?: (textSoFar: string) => void,
): Promise<Refusal | null> {
  const { readModels, clock } = context.services;
  const { prefix } = context.incoming;
  const stream = streamName(context.cause.scope, 'answer', asked.answer);
  const common = { ...asked, messages: [...asked.messages], model };
  const seen = readModels.head().event;
  const started = clock.now().getTime();
  const outcome = await refusalOr(async () => {
    const { scope, actor: member } = context.cause;
    const chatModel = await chatModelOf(context.services, scope, model);
    await recoverModel(context.services, scope, model);
    return chatModel.answer({
      model,
      member,
      messages: asked.messages.map(({ role, content }) => ({ role, content })),
      language: context.language,
      // What is recorded is the same, whether somebody wrote the question or chose the command from a menu.
      ...(prefix !== undefined && { prefix }),
      ...(onText !== undefined && { onText }),
    });
  });
  if (outcome instanceof Refusal) {
    const failure = { ...common, reason: outcome.message };
    await context.handle(stream, answerDecider, { kind: 'record failure', failure });
    return outcome;
  }
  const { text: response, abstained, learnedFrom, tokens, cost = null, notes = [] } = outcome;
  const latencyMs = Math.max(0, clock.now().getTime() - started);
  const prediction = {
    ...common,
    response,
    abstained,
    dataset,
    learnedFrom,
    tokens,
    cost,
    notes: [...notes],
    latencyMs,
    seen,
  };
  await context.handle(stream, answerDecider, { kind: 'record prediction', prediction });
  return null;
}

async function refusalOr(answer: () => Promise<Prediction>): Promise<Prediction | Refusal> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The one that is going on in this channel, or a new one after a pause. */
async function currentConversation({ services, cause }: CommandContext): Promise<string> {
  const { readModels, clock, settings } = services;
  const { scope, channel, commandId } = cause;
  const latest = await latestAnswer(readModels.db, { scope, channel, before: null });
  const pause =
    latest === undefined ? Number.POSITIVE_INFINITY : clock.now().getTime() - Date.parse(latest.time);
  return latest !== undefined && pause < settings.conversationGapMinutes * 60_000
    ? latest.conversation
    : deriveId(commandId, 'conversation');
}

/** As people left them: a turn that was corrected is sent as corrected. */
async function earlierTurns(
  { services, cause }: CommandContext,
  conversation: string,
): Promise<PromptMessage[]> {
  const { readModels, settings } = services;
  const { scope, channel } = cause;
  const limit = settings.contextTurns;
  if (limit === 0) return [];
  const turns = await recentTurns(readModels.db, { scope, channel, conversation, before: null, limit });
  const messages = turns.map(({ answer, correction }): PromptMessage[] => [
    { role: 'user', content: answer.prompt, answer: answer.id, correction: null },
    {
      role: 'assistant',
      content: correction?.text ?? answer.response ?? '',
      answer: answer.id,
      correction: correction?.id ?? null,
    },
  ]);
  return newestWithin(messages, MAX_CONTEXT_BYTES).flat();
}

function newestWithin<Turn>(turns: readonly Turn[], maxBytes: number): readonly Turn[] {
  let bytes = 0;
  const tooOld = turns.findLastIndex((turn) => {
    bytes += Buffer.byteLength(JSON.stringify(turn));
    return bytes > maxBytes;
  });
  return turns.slice(tooOld + 1);
}

/** @param refusal why there is no answer, which the ledger has only in English; null where it is not known any more */
function presentAnswer(row: AnswerRow, words: Words, refusal: Refusal | null): Answered {
  const { id: answer, conversation, model, dataset, response } = row;
  if (response === null) {
    return {
      ok: false,
      text: words.conversation.failure({
        failure: refusal?.inWords(words) ?? row.failure ?? '',
        answer: shorten(answer),
      }),
      data: { answer, conversation, model, dataset, failure: row.failure },
    };
  }
  const { learned_dataset, learned_line, similarity } = row;
  const learnedFrom =
    learned_dataset === null ? null : { dataset: learned_dataset, line: learned_line, similarity };
  const notes = notesOf(row);
  return {
    text: [
      words.conversation.answer({ response, answer: shorten(answer) }),
      ...notes.map((note) => noteInWords(note)(words)),
    ].join('\n'),
    data: {
      answer,
      conversation,
      model,
      dataset,
      response,
      abstained: row.abstained === 1,
      learnedFrom,
      ...(notes.length > 0 && { notes: notes.map((note) => ({ ...note })) }),
    },
    actions: actionsOnAnswer(answer, words),
  };
}

function notesOf({ notes }: AnswerRow): readonly PredictionNote[] {
  return notes === null ? [] : z.array(PredictionNote).parse(JSON.parse(notes));
}

/** To rate it, and to say what it should have been. */
function actionsOnAnswer(answer: string, { actions }: Words): readonly Action[] {
  const rate = (emoji: string, text: string): Action => ({
    label: '',
    emoji,
    style: 'secondary',
    kind: 'run',
    request: { command: 'feedback', options: { answer, text } },
  });
  return [
    rate('👍', '+'),
    rate('👎', '-'),
    {
      label: actions.better,
      emoji: '✏️',
      style: 'secondary',
      kind: 'form',
      request: { command: 'correct', options: { answer } },
    },
  ];
}
