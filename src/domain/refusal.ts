import { english } from './languages/english/english.ts';
import type { Words } from './languages/words.ts';

export type InWords = (words: Words) => string;

/**
 * Why something asked for is not done: one sentence for the person who asked, saying what was wrong and what
 * to do. A refusal is an expected answer, not a fault: nothing was changed.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** In the language of the person who asked; `message` has it in English. */
  readonly inWords: InWords;

  /** @param sentence a text stands as it is in every language: for operators, and for what others said */
  constructor(sentence: string | InWords) {
    const inWords = typeof sentence === 'string' ? () => sentence : sentence;
    super(inWords(english));
    this.inWords = inWords;
  }
}
