import { setTimeout as pause } from 'node:timers/promises';
import { serialiseAppend } from '../../domain/event-content.ts';
import type { StoredEvent } from '../../domain/events.ts';
import {
  type Appended,
  type Delivery,
  type ExpectedRevision,
  type Ledger,
  LedgerError,
  type NewEvent,
  type ReadAllOptions,
} from '../../domain/ledger.ts';
import { Refusal } from '../../domain/refusal.ts';
import { STREAM_PREFIX } from '../../domain/streams.ts';
import { Appender } from './eventstoredb/appender.ts';
import { KnownIds } from './eventstoredb/known-ids.ts';
import { comparePositions, parsePosition } from './eventstoredb/position.ts';
import { parseServerAddress, type ServerAddress } from './eventstoredb/server-address.ts';
import { checkServer } from './eventstoredb/server-check.ts';
import { ServerConnection } from './eventstoredb/server-connection.ts';
import { StoreReader } from './eventstoredb/store-reader.ts';
import { StoreError, troubleOf, unavailable } from './eventstoredb/store-trouble.ts';

export interface EventStoreDBLedgerOptions {
  /** A connection string, esdb://… or esdb+discover://…; it may hold a password. */
  readonly url: string;
  /**
   * Called once where the server is away, with a sentence for the operator; then it is waited for. Where it is left
   * out, a server that is away is a refusal.
   */
  readonly tellAway?: (sentence: string) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const RETRY_MS = 1_000;

/**
 * Opens the ledger in EventStoreDB or KurrentDB: all streams that begin with our prefix, in whatever else is there.
 *
 * Positions are the server's commit and prepare positions. What is decided is read from the leader.
 * @throws Refusal in one sentence: what is wrong with the URL, the server, its certificate, its user or its content
 */
export async function openEventStoreDBLedger({
  url,
  tellAway,
  signal = new AbortController().signal,
}: EventStoreDBLedgerOptions): Promise<Ledger> {
  const address = parseServerAddress(url);
  let isTold = false;
  for (;;) {
    const ledger = new EventStoreDBLedger(address);
    try {
      await ledger.check();
      return ledger;
    } catch (error) {
      await ledger.close();
      const isAway = error instanceof LedgerError && error.fault.kind === 'unavailable';
      if (!isAway) throw error;
      const sentence = `${capitalised(error.message)}`;
      if (tellAway === undefined)
        throw new Refusal(`${sentence}; see that it is running, or set LEDGER_URL.`);
      if (!isTold) tellAway(`${sentence}; waiting for it.`);
      isTold = true;
      await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new Refusal(`${sentence}; gave up waiting for it.`);
    }
  }
}

export class EventStoreDBLedger implements Ledger {
  readonly #shown: string;
  readonly #deadline: number;
  readonly #connection: ServerConnection;
  readonly #reader: StoreReader;
  readonly #appender: Appender;
  readonly #closed = new AbortController();

  constructor(address: ServerAddress) {
    const { shown, deadline } = address;
    const { signal: closed } = this.#closed;
    const connection = new ServerConnection(address);
    const knownIds = new KnownIds();
    const reader = new StoreReader({ connection, knownIds, deadline, closed });
    this.#shown = shown;
    this.#deadline = deadline;
    this.#connection = connection;
    this.#reader = reader;
    this.#appender = new Appender({ connection, reader, knownIds, deadline, closed, shown });
  }

  /** @throws Refusal where it can never be used as it is, LedgerError where its server is away */
  async check(): Promise<void> {
    try {
      await checkServer(this.#connection, this.#reader, this.#shown, this.#deadline);
    } catch (error) {
      throw this.#errorOf(error);
    }
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
      throw this.#errorOf(error);
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    this.#checkOpen();
    try {
      yield* this.#reader.readAll(options);
    } catch (error) {
      throw this.#errorOf(error);
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
      throw this.#errorOf(error);
    }
  }

  compare(a: string, b: string): number {
    return comparePositions(parsePosition(a), parsePosition(b));
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    await this.#connection.close();
  }

  #checkOpen(): void {
    if (this.#closed.signal.aborted) throw unavailable(this.#shown, { reason: 'it is closed' }, 'no');
  }

  #errorOf(error: unknown): unknown {
    if (!(error instanceof StoreError)) return error;
    const trouble = troubleOf(error);
    return unavailable(
      this.#shown,
      { reason: 'reason' in trouble ? trouble.reason : trouble.kind },
      'no',
      error,
    );
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
