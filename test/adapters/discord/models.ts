import type { ChatModel, Question } from '../../../src/domain/ports.ts';
import { Inbox } from '../../stand-ins/discord/inbox.ts';

/** Says at once what the function makes of the question. */
export function instantModel(answer: (question: string) => string): ChatModel {
  return { answer: async ({ messages }) => saying(answer(messages.at(-1)?.content ?? '')) };
}

export function saying(text: string) {
  return { text, abstained: false, learnedFrom: null, tokens: null };
}

/** Thinks until the test lets it go on, each question by itself. */
export class SlowModel implements ChatModel {
  readonly #asked = new Map<string, PromiseWithResolvers<void>>();
  readonly #released = new Map<string, PromiseWithResolvers<void>>();

  async answer({ messages }: Question) {
    const question = messages.at(-1)?.content ?? '';
    this.#of(this.#asked, question).resolve();
    await this.#of(this.#released, question).promise;
    return saying(`Answer to: ${question}`);
  }

  /** Resolves when it thinks about this. */
  async thinksAbout(question: string): Promise<void> {
    await this.#of(this.#asked, question).promise;
  }

  release(question: string): void {
    this.#of(this.#released, question).resolve();
  }

  #of(all: Map<string, PromiseWithResolvers<void>>, question: string): PromiseWithResolvers<void> {
    const one = all.get(question) ?? Promise.withResolvers<void>();
    all.set(question, one);
    return one;
  }
}

/** An answer as the test lets it grow. */
export interface GrowingAnswer {
  readonly question: string;
  grow(textSoFar: string): void;
  finish(text: string): void;
  fail(error: Error): void;
}

/** Says its answers bit by bit. */
export class GrowingModel implements ChatModel {
  readonly asked = new Inbox<GrowingAnswer>('a question to the model');

  async answer({ messages, onText }: Question) {
    const end = Promise.withResolvers<string>();
    this.asked.add({
      question: messages.at(-1)?.content ?? '',
      grow: (textSoFar) => onText?.(textSoFar),
      finish: end.resolve,
      fail: end.reject,
    });
    return saying(await end.promise);
  }
}
