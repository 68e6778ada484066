import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ProcessIdentity } from './process-identity.ts';

const Count = z.int().nonnegative();

/** How a training ended; what a failed trainer said last is told apart, so that secrets in it can be hidden. */
export const Outcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('succeeded'),
    model: z.string(),
    /** Of the manifest's bytes. */
    manifest: z.string(),
    loss: z.number().nullable(),
  }),
  z.object({ kind: z.literal('failed'), reason: z.string(), said: z.array(z.string()) }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** A line of the file in which a supervisor records what becomes of its trainer. */
export const RecordEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), attempt: Count, trainer: ProcessIdentity }),
  z.object({
    kind: z.literal('progressed'),
    step: Count,
    total: Count,
    loss: z.number().nullable(),
    evaluationLoss: z.number().nullish(),
    learningRate: z.number().nullish(),
  }),
  z.object({ kind: z.literal('ended'), outcome: Outcome }),
]);
export type RecordEntry = z.infer<typeof RecordEntry>;

export const MAX_RECORD_LINE = 65_536;

const RETRY_MS = 1_000;

/** Only the supervisor writes it, a whole line at a time. */
export class RunRecord {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a', 0o600);
  }

  /** What can be done without: on a full disk it is left out. */
  append(entry: RecordEntry): void {
    this.#write(entry);
  }

  /** Waits for room on the disk; durable once resolved. */
  async appendSurely(entry: RecordEntry, signal: AbortSignal): Promise<void> {
    while (!this.#write(entry)) {
      if (signal.aborted) return;
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(entry: RecordEntry): boolean {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    const before = fstatSync(this.#file).size;
    try {
      if (writeSync(this.#file, line) === line.length) return true;
    } catch {
      // It is tried again, or done without.
    }
    // Half a line must not stay: a file can be cut also where it cannot grow.
    ftruncateSync(this.#file, before);
    return false;
  }
}
