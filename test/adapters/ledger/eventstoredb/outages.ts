import { setTimeout as pause } from 'node:timers/promises';
import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import { newEvent, newStream, outcomeOf } from '../../../domain/appending.ts';
import { StandInEventStoreDB } from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

export interface Outage {
  /** What was tried while the server was away. */
  readonly refused: number;
  /** Of those, what was acknowledged all the same. */
  readonly acknowledged: number;
  /** From the server's return to the first event that was delivered after it, in ms. */
  readonly recovery: number;
  /** Of the memory in use, in MiB, from soon after the beginning to the end of the outage. */
  readonly growth: number;
}

const TRIES_AT_ONCE = 20;
const BETWEEN_TRIES_MS = 1_000;

/** Somebody keeps on trying while the server is away for so long, in ms, and others follow the ledger. */
export async function goThroughOutage(duration: number): Promise<Outage> {
  const standIn = await StandInEventStoreDB.start();
  const ledger = await openEventStoreDBLedger(standIn.url);
  const delivered = new Set<string>();
  const following = follow(ledger.subscribe({}), delivered);
  await ledger.append(newStream(), 'no_stream', [newEvent()]);
  await standIn.kill();

  const outcomes: string[] = [];
  const end = performance.now() + duration;
  let before = 0;
  while (performance.now() < end) {
    const tries = Array.from({ length: TRIES_AT_ONCE }, () =>
      outcomeOf(ledger.append(newStream(), 'no_stream', [newEvent({ text: 'x'.repeat(10_000) })])),
    );
    for (const outcome of await Promise.all(tries))
      outcomes.push('kind' in outcome ? outcome.kind : 'appended');
    if (before === 0) before = memory();
    await pause(Math.min(BETWEEN_TRIES_MS, Math.max(0, end - performance.now())));
  }
  const growth = memory() - before;

  await standIn.start();
  const returned = performance.now();
  const event = newEvent();
  await appendUntilDone(() => outcomeOf(ledger.append(newStream(), 'no_stream', [event])));
  while (!delivered.has(event.id)) await pause(10);
  const recovery = performance.now() - returned;
  await ledger.close();
  await following;
  await standIn.kill();
  const acknowledged = outcomes.filter((outcome) => outcome === 'appended').length;
  return { refused: outcomes.length - acknowledged, acknowledged, recovery, growth };
}

async function follow(
  deliveries: ReturnType<Awaited<ReturnType<typeof openEventStoreDBLedger>>['subscribe']>,
  delivered: Set<string>,
): Promise<void> {
  for await (const delivery of deliveries) if (delivery.kind === 'event') delivered.add(delivery.event.id);
}

async function appendUntilDone(append: () => Promise<object>): Promise<void> {
  for (;;) if ('position' in (await append())) return;
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
