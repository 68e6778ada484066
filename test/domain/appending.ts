import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../../src/domain/events.ts';
import {
  type Appended,
  type Ledger,
  LedgerError,
  type LedgerFault,
  type NewEvent,
} from '../../src/domain/ledger.ts';
import { streamName } from '../../src/domain/streams.ts';

export function newStream(): string {
  return streamName('local', 'answer', randomUUID());
}

export function newEvent(data: unknown = { text: 'Die Katze schläft.' }): NewEvent {
  return {
    id: randomUUID(),
    type: 'CorrectionGiven',
    data,
    metadata: { actor: 'anna', commandId: randomUUID() },
  };
}

export async function readStream(
  ledger: Ledger,
  stream: string,
  options?: Parameters<Ledger['readStream']>[1],
): Promise<StoredEvent[]> {
  return collect(ledger.readStream(stream, options));
}

export async function readAll(
  ledger: Ledger,
  options?: Parameters<Ledger['readAll']>[0],
): Promise<StoredEvent[]> {
  return collect(ledger.readAll(options));
}

/** What was appended, or what went wrong; anything but a fault of the ledger is thrown. */
export async function outcomeOf(append: Promise<Appended>): Promise<Appended | LedgerFault> {
  try {
    return await append;
  } catch (error) {
    if (error instanceof LedgerError) return error.fault;
    throw error;
  }
}

/** Appends so many events to a stream and gives their ids. */
export async function appendMany(
  ledger: Ledger,
  stream: string,
  count: number,
  after = -1,
): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const events = Array.from({ length: Math.min(100, count - ids.length) }, () => newEvent());
    const last = after + ids.length;
    await ledger.append(stream, last < 0 ? 'no_stream' : last, events);
    ids.push(...events.map(({ id }) => id));
  }
  return ids;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
