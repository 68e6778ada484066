import type { Worker } from 'node:worker_threads';
import type { StoredEvent } from '../../domain/events.ts';

/** Events that follow one another, and the position of the last of them: where to read on. */
export interface Page<Position> {
  readonly events: readonly StoredEvent[];
  readonly end: Position;
}

/** A page as it is sent, its events still to be parsed. */
export type FromReader<Unparsed> =
  | { readonly kind: 'page'; readonly page: Unparsed }
  | { readonly kind: 'failed' };

/** How many pages are asked for with one message: each of them may have to wake the thread. */
export const PAGES_AT_ONCE = 8;

/**
 * Has a long stretch of events read and checked in a thread of its own, while those before are being worked through.
 * What the thread cannot read it leaves to the ordinary reader, which says what is wrong: it only ends early.
 */
export class ReadAhead<Position, Unparsed> {
  readonly #worker: Worker;
  readonly #parse: (page: Unparsed) => Page<Position> | null;
  readonly #arrived: FromReader<Unparsed>[] = [];
  #wake: () => void = () => {};
  #taken = 0;
  #hasEnded = false;

  /**
   * @param worker gives PAGES_AT_ONCE pages, and as many each time it is asked for more; it ends after the last
   * @param parse null, or an error, where a page is not to be read
   */
  constructor(worker: Worker, parse: (page: Unparsed) => Page<Position> | null) {
    this.#worker = worker;
    this.#parse = parse;
    worker
      .on('message', (message: FromReader<Unparsed>) => {
        this.#arrived.push(message);
        this.#wake();
      })
      .on('error', () => {})
      .on('exit', () => {
        this.#hasEnded = true;
        this.#wake();
      });
  }

  /** The next events, null where the thread gives no more. */
  async next(): Promise<Page<Position> | null> {
    while (this.#arrived.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const message = this.#arrived.shift();
    if (message === undefined || message.kind === 'failed') return null;
    this.#askForMore();
    try {
      return this.#parse(message.page);
    } catch {
      return null;
    }
  }

  /** The thread is then that far ahead, and up to twice as far. */
  #askForMore(): void {
    if (this.#taken++ % PAGES_AT_ONCE === 0) this.#worker.postMessage('more');
  }

  /** Resolves when what it reads from is let go of. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
