import { open, stat } from 'node:fs/promises';
import { LineSplitter } from './bounded-lines.ts';
import { systemCode } from './system-code.ts';

const READ_BYTES = 262_144;

/** A file of lines that another process goes on writing. */
export class FollowedFile {
  readonly #path: string;
  readonly #maxLength: number;
  #splitter: LineSplitter;
  #offset = 0;

  /** @param maxLength of a line; a longer one is left out */
  constructor(path: string, maxLength: number) {
    this.#path = path;
    this.#maxLength = maxLength;
    this.#splitter = this.#newSplitter();
  }

  /** The lines that are whole since the last call; none where there is no file. Begins anew where it was cut. */
  async readNew(): Promise<string[]> {
    const size = await this.#size();
    if (size < this.#offset) {
      this.#offset = 0;
      this.#splitter = this.#newSplitter();
    }
    return size === this.#offset ? [] : this.#read(Math.min(READ_BYTES, size - this.#offset));
  }

  async #read(length: number): Promise<string[]> {
    const file = await open(this.#path, 'r');
    try {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await file.read({ buffer, position: this.#offset });
      this.#offset += bytesRead;
      return this.#splitter.push(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  async #size(): Promise<number> {
    try {
      return (await stat(this.#path)).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return 0;
      throw error;
    }
  }

  #newSplitter(): LineSplitter {
    return new LineSplitter({ maxLength: this.#maxLength, carriageReturnEnds: false });
  }
}
