import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ReadAhead } from '../read-ahead.ts';
import { type PageColumns, parseColumns } from './page-columns.ts';

/** Which events a reading thread is to give, and from which file. */
export interface Stretch {
  readonly file: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive; the ledger is known to have reached it. */
  readonly through: number;
}

export type FileReadAhead = ReadAhead<number, PageColumns>;

const WORKER = new URL(`./reading-worker${extname(import.meta.filename)}`, import.meta.url);
/** It needs little. Where it may have much, it lets much lie about before it tidies up. */
const resourceLimits = { maxOldGenerationSizeMb: 128 };

/** Begins to read a file in a thread of its own. */
export function readAhead(stretch: Stretch): FileReadAhead {
  return new ReadAhead(new Worker(WORKER, { workerData: stretch, resourceLimits }), parseColumns);
}
