import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { StoredEvent } from '../../../domain/events.ts';
import type { Page, PageText } from './event-reader.ts';

/** Which events a reading thread is to give, and from which file. */
export interface Stretch {
  readonly file: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive; the ledger is known to have reached it. */
  readonly through: number;
}

export type FromReader = { readonly kind: 'page'; readonly page: PageText } | { readonly kind: 'failed' };

/** How many pages are asked for with one message: each of them may have to wake the thread. */
export const PAGES_AT_ONCE = 8;

const WORKER = new URL(`./read-ahead-worker${extname(import.meta.filename)}`, import.meta.url);

/**
 * Reads and checks a long stretch of events in a thread of its own, while those before are being worked through. What
 * it cannot read it leaves to the ordinary reader, which says what is wrong: it only ends early.
 */
export class ReadAhead {
  readonly #worker: Worker;
  readonly #arrived: FromReader[] = [];
  #wake: () => void = () => {};
  #taken = 0;
  #hasEnded = false;

  constructor(stretch: Stretch) {
    this.#worker = new Worker(WORKER, { workerData: stretch });
    this.#worker
      .on('message', (message: FromReader) => {
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
  async next(): Promise<Page | null> {
    while (this.#arrived.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const message = this.#arrived.shift();
    if (message === undefined || message.kind === 'failed') return null;
    this.#askForMore();
    return parsePage(message.page);
  }

  /** The thread is then that far ahead, and up to twice as far. */
  #askForMore(): void {
    if (this.#taken++ % PAGES_AT_ONCE === 0) this.#worker.postMessage('more');
  }

  /** Resolves when the file is let go of. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function parsePage({ json, count, end }: PageText): Page | null {
  try {
    const events: readonly StoredEvent[] = JSON.parse(json);
    return events.length === count ? { events, end } : null;
  } catch {
    return null;
  }
}
