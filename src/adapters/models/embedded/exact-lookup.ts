import type { ChatMessage } from '../../../domain/examples.ts';
import { canonicalText, keyOf, keyOfMessages, lastQuestion } from './canonical.ts';
import type { LearnedPrompt } from './learning.ts';

/** Finds the prompts that are the very question, by keys: it takes the same time however many were learned. */
export class ExactLookup {
  readonly #prompts = new Map<string, number[]>();

  constructor(prompts: readonly LearnedPrompt[]) {
    for (const [index, { messages }] of prompts.entries()) {
      for (const key of keysOf(messages)) {
        const known = this.#prompts.get(key);
        if (known === undefined) this.#prompts.set(key, [index]);
        else known.push(index);
      }
    }
  }

  /**
   * The indexes of the prompts: first those with the same conversation, then those where only the last
   * question is the same; the newest ones first. One can come more than once.
   */
  *find(messages: readonly ChatMessage[]): Generator<number> {
    for (const key of keysOf(messages)) yield* (this.#prompts.get(key) ?? []).toReversed();
  }
}

/** From the most exact to the least; each has its own mark, so that one kind is never taken for another. */
function keysOf(messages: readonly ChatMessage[]): string[] {
  const keys = [`A${keyOfMessages(messages)}`, `B${keyOfMessages(messages, canonicalText)}`];
  const question = lastQuestion(messages);
  if (question !== null) keys.push(`C${keyOf(question)}`, `D${keyOf(canonicalText(question))}`);
  return keys;
}
