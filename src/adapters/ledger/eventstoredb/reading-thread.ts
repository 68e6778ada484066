import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ReadAhead } from '../read-ahead.ts';
import { type PageText, parsePageText } from './page-in-making.ts';

/** Which events a reading thread is to give. */
export interface Stretch {
  /** Exclusive. */
  readonly after: string;
  /** Inclusive; the end of the log as it then is where it is null. */
  readonly through: string | null;
}

/** What the thread says first. */
export const READY = 'ready';

const WORKER = new URL(`./reading-worker${extname(import.meta.filename)}`, import.meta.url);

/** A thread that takes a while to come up, and then reads one stretch. */
export class ReadingThread {
  readonly #worker: Worker;
  #state: 'coming up' | 'ready' | 'ended' = 'coming up';

  /** @param url of the server */
  constructor(url: string) {
    this.#worker = new Worker(WORKER, { workerData: url });
    this.#worker
      .once('message', () => {
        this.#state = 'ready';
      })
      .once('exit', () => {
        this.#state = 'ended';
      })
      // Whoever waits for it reads on by themselves.
      .on('error', () => {});
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Once, when it is ready. */
  read(stretch: Stretch): ReadAhead<string, PageText> {
    this.#worker.postMessage(stretch);
    return new ReadAhead(this.#worker, parsePageText);
  }

  /** Ends what it reads, too. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
