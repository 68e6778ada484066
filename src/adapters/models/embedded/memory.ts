import type { ChatMessage } from '../../../domain/examples.ts';
import type { Recollection } from './answering-protocol.ts';
import { lastQuestion } from './canonical.ts';
import { ExactLookup } from './exact-lookup.ts';
import type { LearnedPrompt } from './learning.ts';
import type { ModelContent } from './model-file.ts';
import { NearestLookup } from './nearest-lookup.ts';

/** Questions that have this much in common are taken to ask the same: what shares only a frame of words has less. */
export const NEAR_ENOUGH = 0.55;
/** What is not the very question is never quite as good. */
const MOST_SIMILAR = 0.99;

/** A model that is loaded. */
export class Memory {
  readonly #content: ModelContent;
  readonly #exact: ExactLookup;
  readonly #nearest: NearestLookup;

  constructor(content: ModelContent) {
    this.#content = content;
    this.#exact = new ExactLookup(content.prompts);
    this.#nearest = new NearestLookup(content.prompts.map(({ messages }) => lastQuestion(messages) ?? ''));
  }

  /** What was learned for the nearest prompt; null where there is none that is near enough. */
  recall(messages: readonly ChatMessage[]): Recollection | null {
    // What the nearest prompts reject is not taken from those further away either.
    const rejected = new Set<string>();
    for (const { index, similarity } of this.#candidates(messages)) {
      const prompt = this.#content.prompts[index];
      if (prompt === undefined) continue;
      if (isAnswered(prompt) && !rejected.has(prompt.completion)) {
        const { completion, line } = prompt;
        return { completion, learnedFrom: { dataset: this.#content.dataset, line, similarity } };
      }
      for (const completion of prompt.rejected) rejected.add(completion);
    }
    return null;
  }

  *#candidates(messages: readonly ChatMessage[]): Generator<{ index: number; similarity: number }> {
    for (const index of this.#exact.find(messages)) yield { index, similarity: 1 };
    const question = lastQuestion(messages);
    if (question === null) return;
    for (const { index, similarity } of this.#nearest.find(question, NEAR_ENOUGH)) {
      yield { index, similarity: Math.min(Number(similarity.toFixed(3)), MOST_SIMILAR) };
    }
  }
}

function isAnswered(prompt: LearnedPrompt): prompt is LearnedPrompt & { readonly completion: string } {
  return prompt.completion !== null;
}
