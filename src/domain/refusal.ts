/**
 * Why something asked for is not done: one sentence for the person who asked, saying what was wrong and what
 * to do. A refusal is an expected answer, not a fault: nothing was changed.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(sentence: string) {
    super(sentence);
  }
}
