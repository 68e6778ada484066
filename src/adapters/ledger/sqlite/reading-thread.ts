import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ReadAhead } from '../read-ahead.ts';

/** Which events a reading thread is to give, and from which file. */
export interface Stretch {
  readonly file: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive; the ledger is known to have reached it. */
  readonly through: number;
}

const WORKER = new URL(`./reading-worker${extname(import.meta.filename)}`, import.meta.url);

/** Begins to read a file in a thread of its own. */
export function readAhead(stretch: Stretch): ReadAhead<number> {
  return new ReadAhead(new Worker(WORKER, { workerData: stretch }));
}
