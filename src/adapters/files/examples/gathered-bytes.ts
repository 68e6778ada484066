import type { InWords } from '../../../domain/refusal.ts';

/** What is longer cannot be an example, and is not kept in memory. */
export const MAX_EXAMPLE_BYTES = 4 * 1024 * 1024;

export const tooLong: InWords = ({ examples }) => examples.tooLong;

/** Bytes that may stand in several pieces of a file, gathered as long as they are not too many. */
export class GatheredBytes {
  #pieces: Buffer[] = [];
  #length = 0;

  /** All that were added since the last `take`, kept or not. */
  get length(): number {
    return this.#length;
  }

  add(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length <= MAX_EXAMPLE_BYTES) this.#pieces.push(piece);
    else this.#pieces = [];
  }

  /** The bytes, or null where they were too many; begins anew. */
  take(): Buffer | null {
    const [only] = this.#pieces;
    const isWhole = this.#length <= MAX_EXAMPLE_BYTES;
    const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return isWhole ? bytes : null;
  }
}
