import { setImmediate as nextTurn } from 'node:timers/promises';
import { UnreadableEvent } from '../domain/events.ts';
import type { Ledger } from '../domain/ledger.ts';
import { Batch } from './batch.ts';
import type { Generation } from './generation.ts';

/**
 * Takes in what happens from now on, until the signal fires.
 * @param advanced is called whenever the generation has moved on or is up to date
 * @throws what stops it: the ledger's errors, SQLite's, UnreadableEvent
 */
export async function follow(
  ledger: Ledger,
  generation: Generation,
  advanced: () => void,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const inbox = new Batch();
  let scheduled: NodeJS.Immediate | undefined;

  function write(): void {
    clearImmediate(scheduled);
    scheduled = undefined;
    inbox.writeTo(generation);
    advanced();
  }
  // What arrives in one turn is written together.
  function writeSoon(): void {
    scheduled ??= setImmediate(() => {
      try {
        write();
      } catch (error) {
        failed.abort(error);
      }
    });
  }

  try {
    for await (const delivery of ledger.subscribe({
      after: generation.checkpoint.position,
      signal: either,
    })) {
      if (either.aborted) break;
      if (delivery.kind === 'event') inbox.add(delivery.event);
      if (delivery.kind === 'checkpoint') inbox.skipTo(delivery.position);
      if (inbox.isFull) {
        write();
        await nextTurn();
      } else writeSoon();
    }
  } catch (error) {
    // What came before it can still be taken in.
    if (error instanceof UnreadableEvent) write();
    throw error;
  } finally {
    clearImmediate(scheduled);
  }
  failed.signal.throwIfAborted();
  if (!signal.aborted) throw new Error('the ledger has ended its subscription');
}
