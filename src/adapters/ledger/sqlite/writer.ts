import Database from 'better-sqlite3';
import type { SerialisedEvent } from '../../../domain/event-content.ts';
import type { Appended, ExpectedRevision } from '../../../domain/ledger.ts';
import { DISK_FULL, type LedgerFault } from '../../../domain/ledger-fault.ts';
import { type Chain, checksumOf, eventText, type Link } from './chain.ts';
import { EventInserts } from './event-inserts.ts';
import { EventReader } from './event-reader.ts';

/** An append that has passed every check but those that need the ledger itself. */
export interface CheckedAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly SerialisedEvent[];
}

export type Outcome = Appended | LedgerFault;

interface Stream {
  /** Null until its first event is written. */
  id: number | null;
  /** Of its newest event, -1 where there is none. */
  revision: number;
}

const MAX_REMEMBERED_STREAMS = 10_000;

/**
 * Appends, each batch in one transaction. A file may have only one writer, because it remembers where the ledger
 * and its streams end.
 */
export class LedgerWriter {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #inserts: EventInserts;
  readonly #reader: EventReader;
  readonly #streams = new Map<string, Stream>();
  #chain: Chain | null = null;

  constructor(database: Database.Database) {
    database.pragma('synchronous = FULL');
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#inserts = new EventInserts(database);
    this.#reader = new EventReader(database);
  }

  /** The newest event. */
  get head(): Link {
    return this.#chained().link;
  }

  /** The newest event's. */
  get position(): number {
    return this.#chained().position;
  }

  /**
   * Takes the appends as they come and gives one outcome for each, in order. What was appended is on the disk when
   * this returns.
   */
  commit(arriving: Iterable<readonly CheckedAppend[]>): Outcome[] {
    const appends: CheckedAppend[] = [];
    const outcomes: Outcome[] = [];
    try {
      this.#statements.begin.run();
      for (const arrived of arriving) {
        appends.push(...arrived);
        for (const append of arrived) outcomes.push(this.#append(append));
      }
      this.#inserts.flush();
      this.#statements.commit.run();
      return outcomes;
    } catch (error) {
      this.#forget();
      const [append] = appends;
      // The one that cannot be written must not take its neighbours along.
      if (append === undefined || appends.length > 1) return appends.flatMap((each) => this.commit([[each]]));
      return [this.#faultOf(error, append)];
    }
  }

  /** Nothing of a transaction that failed may be remembered. */
  #forget(): void {
    if (this.#database.inTransaction) this.#statements.rollback.run();
    this.#inserts.discard();
    this.#streams.clear();
    this.#chain = null;
  }

  #chained(): Chain {
    this.#chain ??= this.#reader.chainAt(this.#reader.head());
    return this.#chain;
  }

  #append({ stream: name, expected, events }: CheckedAppend): Outcome {
    const stream = this.#recall(name, expected);
    const repeated = this.#findRepeated(stream, expected, events);
    if (repeated === 'none' && isMet(expected, stream)) return this.#insert(name, stream, events);
    return repeated === 'none' || repeated === 'some' ? conflict(name, stream) : repeated;
  }

  #recall(name: string, expected: ExpectedRevision): Stream {
    const remembered = this.#streams.get(name);
    if (remembered !== undefined) return remembered;
    if (this.#streams.size === MAX_REMEMBERED_STREAMS) {
      this.#inserts.flush();
      this.#streams.clear();
    }
    const stream = (expected === 'no_stream' ? this.#begin(name) : null) ?? this.#find(name);
    this.#streams.set(name, stream);
    return stream;
  }

  /** Null where the stream is there already, which costs more to find out first. */
  #begin(name: string): Stream | null {
    const { changes, lastInsertRowid } = this.#statements.addStream.run(name);
    return changes === 0 ? null : { id: Number(lastInsertRowid), revision: -1 };
  }

  /** None of its events may wait to be inserted. */
  #find(name: string): Stream {
    return this.#statements.stream.get(name) ?? { id: null, revision: -1 };
  }

  /** Where an earlier append of the same events ended, or whether some or none of them are in the stream. */
  #findRepeated(
    { id: stream, revision }: Stream,
    expected: ExpectedRevision,
    events: readonly SerialisedEvent[],
  ): Appended | 'some' | 'none' {
    const exact = exactRevision(expected);
    // At the end of the stream there is nothing yet; an id from further back stumbles over the unique index.
    if (stream === null || exact === revision) return 'none';
    this.#inserts.flush();
    const found = events.map(({ id }) => this.#statements.find.get(stream, id));
    const [first] = found;
    const start = exact === null ? first?.revision : exact + 1;
    const last = found.at(-1);
    if (last !== undefined && found.every((event, index) => event?.revision === Number(start) + index)) {
      return { revision: last.revision, position: String(last.position) };
    }
    return found.some((event) => event !== undefined) ? 'some' : 'none';
  }

  #insert(name: string, stream: Stream, events: readonly SerialisedEvent[]): Appended {
    stream.id ??= Number(this.#statements.addStream.run(name).lastInsertRowid);
    const chain = this.#chained();
    for (const { id, type, data, metadata } of events) {
      const position = chain.position + 1;
      stream.revision++;
      const text = eventText(position, name, stream.revision, id, type, data, metadata);
      const seal = chain.add(text);
      const checksum = checksumOf(text);
      this.#inserts.add(position, stream.id, stream.revision, id, checksum, seal, type, data, metadata);
    }
    return { revision: stream.revision, position: String(chain.position) };
  }

  #faultOf(error: unknown, { stream }: CheckedAppend): LedgerFault {
    if (!(error instanceof Database.SqliteError)) throw error;
    switch (error.code) {
      case 'SQLITE_CONSTRAINT_UNIQUE':
        return conflict(stream, this.#find(stream));
      case 'SQLITE_FULL':
        return { kind: 'unavailable', reason: DISK_FULL, written: 'no' };
      case 'SQLITE_IOERR_FSYNC':
        // All of it was handed to the system, which may or may not have put it on the disk.
        return { kind: 'unavailable', reason: error.message, written: 'unknown' };
      default:
        return { kind: 'unavailable', reason: `${error.message} (${error.code})`, written: 'no' };
    }
  }
}

function prepareStatements(database: Database.Database) {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    rollback: database.prepare('ROLLBACK'),
    stream: database.prepare<[string], Stream>(
      `SELECT id, coalesce(
         (SELECT revision FROM events WHERE stream = streams.id ORDER BY revision DESC LIMIT 1), -1
       ) AS revision FROM streams WHERE name = ?`,
    ),
    find: database.prepare<[number, string], { readonly position: number; readonly revision: number }>(
      "SELECT position, revision FROM events WHERE stream = ? AND id = unhex(?, '-')",
    ),
    addStream: database.prepare<[string]>('INSERT INTO streams (name) VALUES (?) ON CONFLICT DO NOTHING'),
  };
}

/** -1 is the revision before the first; null where the append does not depend on one. */
function exactRevision(expected: ExpectedRevision): number | null {
  if (expected === 'no_stream') return -1;
  return typeof expected === 'number' ? expected : null;
}

function isMet(expected: ExpectedRevision, { revision }: Stream): boolean {
  if (expected === 'stream_exists') return revision >= 0;
  return expected === 'any' || exactRevision(expected) === revision;
}

function conflict(stream: string, { revision }: Stream): LedgerFault {
  return { kind: 'conflict', stream, actual: revision < 0 ? 'no_stream' : revision };
}
