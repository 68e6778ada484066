import { resolve } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import Database from 'better-sqlite3';
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
import type { Page } from './read-ahead.ts';
import { EventReader } from './sqlite/event-reader.ts';
import { DamagedLedger } from './sqlite/event-row.ts';
import { RESTORE } from './sqlite/file-check.ts';
import { LiveHead } from './sqlite/live-head.ts';
import { openChecked } from './sqlite/open-checked.ts';
import { type FileReadAhead, readAhead } from './sqlite/reading-thread.ts';
import type { Upgrade } from './sqlite/upgrade.ts';
import { WriterThread } from './sqlite/writer-thread.ts';

export type { Upgrade } from './sqlite/upgrade.ts';

/** To start a thread takes about as long as to read so many events. */
const EVENTS_MEANWHILE = 20_000;
/** What is longer by so much is worth a thread. */
const WORTH_A_THREAD = 2.5;

export interface SqliteLedgerOptions {
  readonly file: string;
  /** Called where the file was written by an earlier version and has been upgraded. */
  readonly tellUpgrade?: (upgrade: Upgrade) => void;
  /** How many events of a long reading are read before its thread is there; usual ones where it is left out. */
  readonly eventsMeanwhile?: number;
}

/**
 * Opens the ledger in an SQLite file, or makes a new one. Hold the data directory's lock: a file may be open once.
 *
 * Positions count the events from 1, so a ledger that is exported and imported keeps them. Appends go to a thread
 * of their own, where all that queue up during one commit go into the next. Reads verify every event by its
 * checksum and fail with `unavailable` at one that is not what was written. A file of an earlier version is checked as
 * a whole and upgraded; what it was stays beside it.
 * @throws Refusal naming the file and what is wrong with it; nothing is ever repaired
 */
export async function openSqliteLedger({
  file,
  tellUpgrade,
  eventsMeanwhile = EVENTS_MEANWHILE,
}: SqliteLedgerOptions): Promise<Ledger> {
  const path = resolve(file);
  let database: Database.Database | undefined;
  let writer: WriterThread | undefined;
  try {
    database = await openChecked(path, tellUpgrade);
    const head = new LiveHead();
    writer = new WriterThread(head);
    await writer.open(path);
    return new SqliteLedger(path, { database, head, writer, eventsMeanwhile });
  } catch (error) {
    database?.close();
    await writer?.terminate();
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Refusal(`${path} cannot be opened (${error.message}); see that it may be read and written.`);
  }
}

interface OpenedFile extends Required<Pick<SqliteLedgerOptions, 'eventsMeanwhile'>> {
  readonly database: Database.Database;
  readonly head: LiveHead;
  readonly writer: WriterThread;
}

export class SqliteLedger implements Ledger {
  readonly #file: string;
  readonly #database: Database.Database;
  readonly #reader: EventReader;
  readonly #head: LiveHead;
  readonly #readingAhead = new Set<FileReadAhead>();
  readonly #eventsMeanwhile: number;
  #writer: WriterThread;
  #isClosed = false;

  constructor(file: string, { database, head, writer, eventsMeanwhile }: OpenedFile) {
    this.#file = file;
    this.#eventsMeanwhile = eventsMeanwhile;
    this.#database = database;
    this.#reader = new EventReader(database);
    this.#head = head;
    this.#writer = writer;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const append = { stream, expected, events: serialiseAppend(stream, expected, events) };
    if (this.#writer.hasEnded && !this.#isClosed) {
      this.#writer = new WriterThread(this.#head);
      this.#writer.open(this.#file);
    }
    return this.#writer.append(append);
  }

  async *readStream(
    stream: string,
    { from = 0, limit = Number.POSITIVE_INFINITY }: { readonly from?: number; readonly limit?: number } = {},
  ): AsyncIterable<StoredEvent> {
    const end = from + limit;
    for (let next = from; next < end; ) {
      const page = this.#read((reader) => reader.streamPage(stream, next, end - next));
      yield* page.events;
      if (page.isLast) return;
      next += page.events.length;
      await letOthersRun();
    }
  }

  async *readAll({ after = null, through = null, signal }: ReadAllOptions = {}): AsyncIterable<StoredEvent> {
    signal?.throwIfAborted();
    const last = through === null ? Number.POSITIVE_INFINITY : parsePosition(through);
    for await (const { events } of this.#pages(this.#positionOf(after), last)) {
      signal?.throwIfAborted();
      for (const event of events) {
        yield event;
        signal?.throwIfAborted();
      }
    }
  }

  async *subscribe({
    after = null,
    signal,
  }: Pick<ReadAllOptions, 'after' | 'signal'>): AsyncIterable<Delivery> {
    const hasEnded = () => this.#isClosed || signal?.aborted === true;
    let at = this.#positionOf(after);
    let isLive = false;
    while (!hasEnded()) {
      const { events, end } = this.#pageAfter(at, Number.POSITIVE_INFINITY);
      for (const event of events) {
        yield { kind: 'event', event };
        if (hasEnded()) return;
      }
      at = end;
      if (at < this.#head.position) {
        await letOthersRun();
      } else if (isLive) {
        await this.#head.moved(signal);
      } else {
        isLive = true;
        yield { kind: 'caughtUp' };
      }
    }
  }

  async head(): Promise<string | null> {
    return this.#head.position === 0 ? null : String(this.#head.position);
  }

  compare(a: string, b: string): number {
    return parsePosition(a) - parsePosition(b);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#head.wakeAll();
    // The writer goes last: it tidies up the write-ahead log.
    this.#database.close();
    await Promise.all(Array.from(this.#readingAhead, (ahead) => ahead.close()));
    await this.#writer.close();
  }

  #positionOf(after: string | null): number {
    const position = after === null ? 0 : parsePosition(after);
    if (this.#isClosed) throw this.#unavailable('it is closed');
    if (position > this.#head.position) throw this.#unavailable(`it does not reach position ${after}`);
    return position;
  }

  /** To the end of the ledger as it then is, or to a position before. */
  async *#pages(after: number, last: number): AsyncGenerator<Page<number>> {
    let at = after;
    for await (const page of this.#pagesAhead(at, Math.min(last, this.#head.position))) {
      yield page;
      at = page.end;
    }
    yield* this.#pagesHere(at, last);
  }

  /** Read in this thread, to the end of the ledger as it then is, or to a position before. */
  async *#pagesHere(after: number, last: number): AsyncGenerator<Page<number>> {
    for (let at = after; at < Math.min(last, this.#head.position); ) {
      const page = this.#pageAfter(at, last);
      yield page;
      at = page.end;
      await letOthersRun();
    }
  }

  /**
   * None where there are too few for a thread of their own to be worth it; fewer where it meets a damaged one. While it
   * comes up, the first ones are read here.
   */
  async *#pagesAhead(after: number, through: number): AsyncGenerator<Page<number>> {
    if (through - after < WORTH_A_THREAD * this.#eventsMeanwhile) return;
    const begin = after + this.#eventsMeanwhile;
    const ahead = readAhead({ file: this.#file, after: begin, through });
    this.#readingAhead.add(ahead);
    try {
      yield* this.#pagesHere(after, begin);
      for (let page = await ahead.next(); page !== null; page = await ahead.next()) {
        if (this.#isClosed) throw this.#unavailable('it is closed');
        yield page;
      }
    } finally {
      await ahead.close();
      this.#readingAhead.delete(ahead);
    }
  }

  #pageAfter(at: number, last: number) {
    return this.#read((reader) => reader.page(at, Math.min(last, this.#head.position)));
  }

  #read<Result>(read: (reader: EventReader) => Result): Result {
    if (this.#isClosed) throw this.#unavailable('it is closed');
    try {
      return read(this.#reader);
    } catch (error) {
      if (error instanceof DamagedLedger) throw this.#unavailable(`${error.message}; ${RESTORE}`, error);
      if (error instanceof Database.SqliteError) throw this.#unavailable(error.message, error);
      throw error;
    }
  }

  #unavailable(problem: string, cause?: Error): LedgerError {
    const reason = `${this.#file}: ${problem}`;
    return new LedgerError({ kind: 'unavailable', reason, written: 'no' }, { cause });
  }
}

function parsePosition(position: string): number {
  if (!/^[1-9]\d{0,15}$/.test(position)) {
    throw new TypeError(`${JSON.stringify(position)} is not a position of this ledger`);
  }
  return Number(position);
}
