import { setTimeout as delay } from 'node:timers/promises';
import type { ChatMessage } from '../../../domain/examples.ts';
import { shorten } from '../../../domain/identifiers.ts';
import type { ChatModel, Prediction, Question } from '../../../domain/ports.ts';
import type { PredictionNote } from '../../../domain/prediction-note.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type Completion, type CompletionRequest, completeAtOnce, completeBitByBit } from './completion.ts';
import { type FittedMessages, fitMessages, withoutEarliest } from './context-window.ts';
import { Endpoint, type EndpointOptions, TooSlow } from './endpoint.ts';
import { brokeOff, type EndpointFault, faultOf, refusalOf } from './endpoint-fault.ts';
import { flaggedCategories } from './moderation.ts';
import { Prices, type PriceTable } from './prices.ts';
import { SafetyIdentifiers } from './safety-identifier.ts';

export interface OpenAiModelOptions {
  readonly endpoint: EndpointOptions;
  readonly streams: boolean;
  /** Of the models that answer there, in tokens. */
  readonly window: number;
  /** The most that an answer may have, in tokens; the server's own limit where it is null. */
  readonly answerTokens: number | null;
  /** What members are hashed with; derived from the key for the server where it is null. */
  readonly safetyKey: string | null;
  /** Which model looks at questions and answers; nobody does where it is null. */
  readonly moderationModel: string | null;
  readonly prices: PriceTable;
  readonly currency: string;
}

/** So long as this, in times of the endpoint's patience, may an answer take that goes on coming. */
const MOST_TIMEOUTS = 5;
/** Where an answer has no limit, so much of the window is kept for it. */
const ANSWER_SHARE = 0.25;
const MAX_KEPT_FOR_ANSWER = 4_096;
/** In milliseconds, before an answer that broke off is asked for again. */
const FIRST_PAUSE = 250;

/** A model that answers on a server by Chat Completions. */
export function createOpenAiModel(options: OpenAiModelOptions): ChatModel {
  const answering = new Answering(options);
  return { answer: (question) => answering.answer(question) };
}

class Answering {
  readonly #options: OpenAiModelOptions;
  readonly #endpoint: Endpoint;
  readonly #prices: Prices;
  readonly #identifiers: SafetyIdentifiers | null;

  constructor(options: OpenAiModelOptions) {
    const { endpoint, prices, currency, safetyKey } = options;
    this.#options = options;
    this.#endpoint = new Endpoint(endpoint);
    this.#prices = new Prices(prices, currency);
    const secret = safetyKey ?? endpoint.apiKey;
    this.#identifiers = secret === null ? null : new SafetyIdentifiers(secret);
  }

  async answer(question: Question): Promise<Prediction> {
    question.signal?.throwIfAborted();
    const tooLong = AbortSignal.timeout(this.#endpoint.timeoutMs * MOST_TIMEOUTS);
    const signal = AbortSignal.any([tooLong, ...(question.signal === undefined ? [] : [question.signal])]);
    try {
      return await this.#moderated(question, signal);
    } catch (error) {
      question.signal?.throwIfAborted();
      throw refusalOf(tooLong.aborted ? new TooSlow() : error, this.#endpoint);
    }
  }

  async #moderated(question: Question, signal: AbortSignal): Promise<Prediction> {
    const { moderationModel } = this.#options;
    if (moderationModel === null) return this.#predict(question, signal);
    const asked = question.messages.at(-1)?.content ?? '';
    const inQuestion = await flaggedCategories(this.#endpoint, moderationModel, asked, signal);
    if (inQuestion.length > 0)
      throw new Refusal(({ openai }) => openai.answering.questionFlagged(inQuestion));
    // Nobody is to see the beginning of an answer that is held back in the end.
    const { onText: _, ...unseen } = question;
    const prediction = await this.#predict(unseen, signal);
    const inAnswer = await flaggedCategories(this.#endpoint, moderationModel, prediction.text, signal);
    if (inAnswer.length > 0) throw new Refusal(({ openai }) => openai.answering.answerFlagged(inAnswer));
    return prediction;
  }

  async #predict(question: Question, signal: AbortSignal): Promise<Prediction> {
    const { model } = question;
    const fitted = await fitMessages(question.messages, this.#budget());
    if (fitted === null) throw this.#questionTooLong(model);
    const { completion, leftOut } = await this.#completeWithin(question, fitted, signal);
    const { text, refused, end, tokens } = completion;
    if (end === 'filtered') {
      throw new Refusal(({ openai }) => openai.answering.filtered({ host: this.#endpoint.host }));
    }
    if (text.trim() === '')
      throw new Refusal(({ openai }) => openai.answering.empty({ model: shorten(model) }));
    return {
      text,
      abstained: refused,
      learnedFrom: null,
      tokens,
      cost: this.#prices.ofAnswer(model, tokens),
      notes: notesOf(completion, leftOut),
    };
  }

  /** In tokens, for what is sent. */
  #budget(): number {
    const { window, answerTokens } = this.#options;
    return window - (answerTokens ?? Math.min(MAX_KEPT_FOR_ANSWER, Math.floor(window * ANSWER_SHARE)));
  }

  /** What a server counts may be more than what was estimated: then half of the earlier turns are left out. */
  async #completeWithin(
    question: Question,
    fitted: FittedMessages,
    signal: AbortSignal,
  ): Promise<{ readonly completion: Completion; readonly leftOut: number }> {
    const { messages, leftOut } = fitted;
    try {
      return { completion: await this.#completePatiently(question, messages, signal), leftOut };
    } catch (error) {
      const fault = faultOf(error, this.#endpoint);
      if (fault === null || !isTooMuch(fault)) throw this.#inItsWords(fault, error, question.model);
      const fewer = halfOf(messages);
      if (fewer === null) throw this.#questionTooLong(question.model);
      const left = leftOut + messages.length - fewer.length;
      return this.#completeWithin(question, { messages: fewer, leftOut: left }, signal);
    }
  }

  #inItsWords(fault: EndpointFault | null, error: unknown, model: string): unknown {
    if (fault?.kind !== 'not_found') return error;
    const { host } = this.#endpoint;
    return new Refusal(({ openai }) => openai.answering.unknownModel({ host, model: shorten(model) }));
  }

  /** The client itself tries again where no answer begins; here it is tried again where one breaks off. */
  async #completePatiently(
    question: Question,
    messages: readonly ChatMessage[],
    signal: AbortSignal,
  ): Promise<Completion> {
    for (let retry = 0; ; retry++) {
      try {
        return await this.#complete(question, messages, signal);
      } catch (error) {
        if (retry >= this.#endpoint.retries || !brokeOff(error, this.#endpoint)) throw error;
        await delay(FIRST_PAUSE * 2 ** retry, undefined, { signal });
      }
    }
  }

  #complete(
    { model, member, onText }: Question,
    messages: readonly ChatMessage[],
    signal: AbortSignal,
  ): Promise<Completion> {
    const { streams, answerTokens } = this.#options;
    const request: CompletionRequest = {
      model,
      messages: messages.map(({ role, content }) => ({ role, content })),
      ...(answerTokens !== null && { max_completion_tokens: answerTokens }),
      ...(member !== undefined &&
        this.#identifiers !== null && { safety_identifier: this.#identifiers.of(member) }),
    };
    return streams && onText !== undefined
      ? completeBitByBit(this.#endpoint, request, { signal, onText })
      : completeAtOnce(this.#endpoint, request, signal);
  }

  #questionTooLong(model: string): Refusal {
    const { window } = this.#options;
    return new Refusal(({ openai }) => openai.answering.questionTooLong({ model: shorten(model), window }));
  }
}

function notesOf({ end }: Completion, leftOut: number): readonly PredictionNote[] {
  return [
    ...(leftOut > 0 ? [{ kind: 'context_cut', messages: leftOut } as const] : []),
    ...(end === 'cut' ? [{ kind: 'answer_cut' } as const] : []),
  ];
}

function isTooMuch(fault: EndpointFault): boolean {
  return fault.kind === 'refused' && fault.code === 'context_length_exceeded';
}

function halfOf(messages: readonly ChatMessage[]): readonly ChatMessage[] | null {
  const turns = messages.filter(({ role }) => role !== 'system').length;
  for (let count = Math.ceil(turns / 2); count < turns; count++) {
    const fewer = withoutEarliest(messages, count);
    if (fewer !== null) return fewer;
  }
  return null;
}
