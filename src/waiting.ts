import { setTimeout as pause } from 'node:timers/promises';
import { LedgerError } from './domain/ledger.ts';
import { Refusal } from './domain/refusal.ts';

export interface Waiting {
  /** Called once, with a sentence for the operator. */
  readonly tell: (sentence: string) => void;
  readonly stop: AbortSignal;
}

const RETRY_MS = 1_000;

/**
 * Does it again until the ledger is there. Without waiting, once.
 * @throws what it failed with otherwise, Refusal where it was told to stop
 */
export async function untilAvailable<T>(waiting: Waiting | undefined, work: () => Promise<T>): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof LedgerError && error.fault.kind === 'unavailable';
      if (!isAway || waiting === undefined) throw error;
      const problem = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}`;
      if (!isTold) waiting.tell(`${problem}; it is waited for.`);
      await pause(RETRY_MS, undefined, { signal: waiting.stop }).catch(() => undefined);
      if (waiting.stop.aborted) throw new Refusal(`${problem}; it was waited for in vain.`);
    }
  }
}
