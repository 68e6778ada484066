import type { Writable } from 'node:stream';

/** Writes in order, and knows when nobody reads any more. */
export class Output {
  readonly #stream: Writable;
  readonly #gone = new AbortController();
  #failure: Error | null = null;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that leaves early, like `head`, has seen what it wanted.
      if (error.code !== 'EPIPE') this.#failure ??= error;
      this.#gone.abort();
    });
  }

  /** Fires when writing has become impossible. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Why writing became impossible; null where it did not, or where the reader has left. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Resolves when the stream has taken the text, or never will. */
  write(text: string): Promise<void> {
    if (text === '' || this.gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#stream.write(text, () => resolve());
    });
  }
}
