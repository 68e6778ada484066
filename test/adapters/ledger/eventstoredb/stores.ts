import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { parseServerAddress } from '../../../../src/adapters/ledger/eventstoredb/server-address.ts';
import { EventStoreDBLedger, openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import type { LedgerPlace } from '../../../../src/adapters/ledger/ledger-place.ts';
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
import { STREAM_PREFIX } from '../../../../src/domain/streams.ts';
import type { LedgerStore } from '../../../domain/ledger-contract.ts';
import { StandInEventStoreDB } from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

/** A real server to run on what needs no faults, where there is one; it must hold nothing that is worth keeping. */
const realServer = process.env.EVENTSTORE_URL;

export const testedOn = realServer === undefined ? 'our stand-in' : 'the server of EVENTSTORE_URL';

/** A server, with what somebody else does to it. */
export interface ServerStore extends LedgerStore {
  deleteStream(stream: string): Promise<void>;
  /** For good. */
  tombstoneStream(stream: string): Promise<void>;
}

/** A store of its own for a test. */
export async function createStore(): Promise<ServerStore> {
  if (realServer !== undefined) {
    const prefix = `${STREAM_PREFIX}${randomUUID()}-`;
    // Not looked through first: what other tests have left there need not look like a bot's.
    const open = async () => new OwnStreams(new EventStoreDBLedger(parseServerAddress(realServer)), prefix);
    return { open, remove: async () => undefined, ...deletingAt(realServer, prefix) };
  }
  const standIn = await StandInEventStoreDB.start();
  return {
    // Where it is away, the usual ten seconds would only be waited for.
    open: () => openEventStoreDBLedger(`${standIn.url}&defaultDeadline=3000`),
    outage: { begin: () => standIn.kill(), end: () => standIn.start() },
    remove: () => standIn.kill(),
    ...deletingAt(standIn.url, STREAM_PREFIX),
  };
}

/** The store as a place to copy from and to. */
export function placeOf(store: LedgerStore): LedgerPlace {
  return {
    shown: testedOn,
    keepsOrder: false,
    exists: () => true,
    use: async (work) => {
      const ledger = await store.open();
      return work(ledger).finally(() => ledger.close());
    },
  };
}

function deletingAt(url: string, prefix: string): Pick<ServerStore, 'deleteStream' | 'tombstoneStream'> {
  const withClient = async (work: (client: EventStoreDBClient) => Promise<unknown>) => {
    const client = EventStoreDBClient.connectionString(url);
    await work(client).finally(() => client.dispose());
  };
  return {
    deleteStream: (stream) =>
      withClient((client) => client.deleteStream(stream.replace(STREAM_PREFIX, prefix))),
    tombstoneStream: (stream) =>
      withClient((client) => client.tombstoneStream(stream.replace(STREAM_PREFIX, prefix))),
  };
}

/** Streams with a prefix of their own, as the whole of a ledger: a real server cannot be emptied for each test. */
class OwnStreams implements Ledger {
  readonly #ledger: Ledger;
  readonly #prefix: string;

  constructor(ledger: Ledger, prefix: string) {
    this.#ledger = ledger;
    this.#prefix = prefix;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    try {
      return await this.#ledger.append(stream.replace(STREAM_PREFIX, this.#prefix), expected, events);
    } catch (error) {
      if (!(error instanceof LedgerError) || error.fault.kind !== 'conflict') throw error;
      throw new LedgerError({ ...error.fault, stream });
    }
  }

  async *readStream(stream: string, options?: { readonly from?: number; readonly limit?: number }) {
    const events = this.#ledger.readStream(stream.replace(STREAM_PREFIX, this.#prefix), options);
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
    return { ...event, stream: event.stream.replace(this.#prefix, STREAM_PREFIX) };
  }
}
