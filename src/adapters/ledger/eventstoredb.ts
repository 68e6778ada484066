import { serialiseAppend } from '../../domain/event-content.ts';
import type { StoredEvent } from '../../domain/events.ts';
import type {
  Appended,
  Delivery,
  ExpectedRevision,
  Ledger,
  NewEvent,
  ReadAllOptions,
} from '../../domain/ledger.ts';
import { STREAM_PREFIX } from '../../domain/streams.ts';
import { Appender } from './eventstoredb/appender.ts';
import { KnownIds } from './eventstoredb/known-ids.ts';
import { type LongReadingOptions, readLong } from './eventstoredb/long-reading.ts';
import { comparePositions, parsePosition } from './eventstoredb/position.ts';
import { parseServerAddress, type ServerAddress } from './eventstoredb/server-address.ts';
import { checkServer } from './eventstoredb/server-check.ts';
import { ServerConnection } from './eventstoredb/server-connection.ts';
import { StoreReader } from './eventstoredb/store-reader.ts';
import { StoreError, troubleOf, unavailable } from './eventstoredb/store-trouble.ts';

/** As many as are read in less time than a thread takes to come up. */
const EVENTS_BEFORE_THREAD = 10_000;

/**
 * Opens the ledger in EventStoreDB or KurrentDB: all streams that begin with our prefix, in whatever else is there.
 *
 * Positions are the server's commit and prepare positions. What is decided is read from the leader.
 * @param url a connection string, esdb://… or esdb+discover://…; it may hold a password
 * @param options.eventsBeforeThread how many events of a long reading are read before a thread begins to read the rest;
 * the usual number where it is left out
 * @throws Refusal in one sentence: what is wrong with the URL, the server, its certificate, its user or its content;
 * LedgerError where the server is away
 */
export async function openEventStoreDBLedger(
  url: string,
  { eventsBeforeThread }: { readonly eventsBeforeThread?: number } = {},
): Promise<Ledger> {
  const ledger = new EventStoreDBLedger(parseServerAddress(url), eventsBeforeThread);
  try {
    await ledger.check();
    return ledger;
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

export class EventStoreDBLedger implements Ledger {
  readonly #address: ServerAddress;
  readonly #eventsBeforeThread: number;
  readonly #connection: ServerConnection;
  readonly #following: ServerConnection;
  readonly #reader: StoreReader;
  readonly #appender: Appender;
  readonly #closed = new AbortController();

  constructor(address: ServerAddress, eventsBeforeThread = EVENTS_BEFORE_THREAD) {
    const { deadline } = address;
    const { signal: closed } = this.#closed;
    const connection = new ServerConnection(address);
    const following = new ServerConnection(address);
    const knownIds = new KnownIds();
    const reader = new StoreReader({ connection, following, knownIds, deadline, closed });
    this.#address = address;
    this.#eventsBeforeThread = eventsBeforeThread;
    this.#connection = connection;
    this.#following = following;
    this.#reader = reader;
    this.#appender = new Appender({ connection, reader, knownIds, deadline, closed });
  }

  /** @throws Refusal where it can never be used as it is, LedgerError where its server is away */
  async check(): Promise<void> {
    const { shown, deadline } = this.#address;
    await checkServer(this.#connection, this.#reader, shown, deadline);
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const serialised = serialiseAppend(stream, expected, events);
    if (!stream.startsWith(STREAM_PREFIX)) {
      throw new TypeError(
        `the stream ${stream} does not begin with ${STREAM_PREFIX}, so it would never be read`,
      );
    }
    this.#checkOpen();
    return this.#appender.append(stream, expected, serialised);
  }

  async *readStream(
    stream: string,
    { from = 0, limit = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly limit?: number } = {},
  ): AsyncGenerator<StoredEvent> {
    this.#checkOpen();
    try {
      yield* this.#reader.readStream(stream, from, limit);
    } catch (error) {
      throw errorOf(error);
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    this.#checkOpen();
    try {
      yield* readLong(this.#longReading(), options);
      // It may have been closed before the end.
      this.#checkOpen();
    } catch (error) {
      throw errorOf(error);
    }
  }

  async *subscribe(options: Pick<ReadAllOptions, 'after' | 'signal'>): AsyncGenerator<Delivery> {
    this.#checkOpen();
    yield* this.#reader.subscribe(options);
  }

  async head(): Promise<string | null> {
    this.#checkOpen();
    try {
      return (await this.#reader.newest())?.position ?? null;
    } catch (error) {
      throw errorOf(error);
    }
  }

  compare(a: string, b: string): number {
    return comparePositions(parsePosition(a), parsePosition(b));
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    await Promise.all([this.#connection.close(), this.#following.close()]);
  }

  #longReading(): LongReadingOptions {
    const { signal: closed } = this.#closed;
    const { url } = this.#address;
    return { reader: this.#reader, url, eventsBeforeThread: this.#eventsBeforeThread, closed };
  }

  #checkOpen(): void {
    if (this.#closed.signal.aborted) throw unavailable('it is closed', 'no');
  }
}

function errorOf(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  const trouble = troubleOf(error);
  return unavailable('reason' in trouble ? trouble.reason : trouble.kind, 'no', error);
}
