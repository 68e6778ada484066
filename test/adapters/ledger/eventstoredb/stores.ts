import { randomUUID } from 'node:crypto';
import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import type { StoredEvent } from '../../../../src/domain/events.ts';
import {
  type Appended,
  type Delivery,
  type ExpectedRevision,
  type Ledger,
  LedgerError,
  type NewEvent,
  type ReadAllOptions,
} from '../../../../src/domain/ledger.ts';
import type { LedgerStore } from '../../../domain/ledger-contract.ts';
import { StandInEventStoreDB } from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

/** A real server to run the contract on, where there is one; it must hold nothing that is worth keeping. */
const realServer = process.env.EVENTSTORE_URL;

export const testedOn = realServer === undefined ? 'our stand-in' : 'the server of EVENTSTORE_URL';

/** A store of its own for a test. */
export async function createStore(): Promise<LedgerStore> {
  if (realServer !== undefined) {
    const scope = randomUUID();
    const open = async () => new OwnScope(await openEventStoreDBLedger(realServer), scope);
    return { open, remove: async () => undefined };
  }
  const standIn = await StandInEventStoreDB.start();
  return {
    open: () => openEventStoreDBLedger(standIn.url),
    outage: { begin: () => standIn.kill(), end: () => standIn.start() },
    remove: () => standIn.kill(),
  };
}

const COMMON = 'training.local.';

/** What stands in one scope, as the whole of a ledger: a real server cannot be emptied for each test. */
class OwnScope implements Ledger {
  readonly #ledger: Ledger;
  readonly #prefix: string;

  constructor(ledger: Ledger, scope: string) {
    this.#ledger = ledger;
    this.#prefix = `training.${scope}.`;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    try {
      return await this.#ledger.append(stream.replace(COMMON, this.#prefix), expected, events);
    } catch (error) {
      if (!(error instanceof LedgerError) || error.fault.kind !== 'conflict') throw error;
      throw new LedgerError({ ...error.fault, stream });
    }
  }

  async *readStream(stream: string, options?: { readonly from?: number; readonly limit?: number }) {
    const events = this.#ledger.readStream(stream.replace(COMMON, this.#prefix), options);
    for await (const event of events) yield this.#renamed(event);
  }

  async *readAll(options?: ReadAllOptions) {
    for await (const event of this.#ledger.readAll(options)) {
      if (event.stream.startsWith(this.#prefix)) yield this.#renamed(event);
    }
  }

  async *subscribe(options: Pick<ReadAllOptions, 'after' | 'signal'>): AsyncGenerator<Delivery> {
    for await (const delivery of this.#ledger.subscribe(options)) {
      if (delivery.kind !== 'event') yield delivery;
      else if (delivery.event.stream.startsWith(this.#prefix)) {
        yield { kind: 'event', event: this.#renamed(delivery.event) };
      }
    }
  }

  async head(): Promise<string | null> {
    let head: string | null = null;
    for await (const { position } of this.readAll()) head = position;
    return head;
  }

  compare(a: string, b: string): number {
    return this.#ledger.compare(a, b);
  }

  close(): Promise<void> {
    return this.#ledger.close();
  }

  #renamed(event: StoredEvent): StoredEvent {
    return { ...event, stream: event.stream.replace(this.#prefix, COMMON) };
  }
}
