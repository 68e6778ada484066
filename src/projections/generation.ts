import type { Database } from 'better-sqlite3';
import type { Recorded } from '../domain/events.ts';
import type { Projection, Writer } from './projection.ts';
import { Statements } from './statements.ts';

/** How far the events have been taken in. */
export interface Checkpoint {
  /** How many events. */
  readonly ordinal: number;
  /** The last of them. */
  readonly event: LastEvent | null;
  /** Where to go on after: at or past that event. */
  readonly position: string | null;
}

export interface LastEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
}

interface CheckpointRow {
  ordinal: number;
  event: string | null;
  event_position: string | null;
  stream: string | null;
  revision: number | null;
  position: string | null;
}

const NOTHING_TAKEN: Checkpoint = { ordinal: 0, event: null, position: null };

/** One build of the read models: its rows and how far they reach, which change together. */
export class Generation {
  readonly number: number;
  readonly #database: Database;
  readonly #projections: readonly Projection[];
  readonly #apply: (events: readonly Recorded[], position: string) => Checkpoint;
  #checkpoint: Checkpoint;
  #statements: Statements;
  #writers: readonly Writer[];

  /** Reads how far a generation reaches that is in the database. */
  constructor(database: Database, number: number, projections: readonly Projection[]) {
    this.number = number;
    this.#database = database;
    this.#projections = projections;
    this.#checkpoint = readCheckpoint(database, number);
    this.#statements = new Statements(database, number);
    this.#writers = this.#prepareWriters();
    const advance = prepareAdvance(database, number);
    this.#apply = database.transaction((events: readonly Recorded[], position: string) => {
      const next = this.#take(events, position);
      advance(this.#checkpoint.ordinal, next);
      return next;
    }).immediate;
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /** Takes the next events in and moves on to a position at or past the last of them: all of it or nothing. */
  apply(events: readonly Recorded[], position: string): void {
    try {
      this.#checkpoint = this.#apply(events, position);
    } catch (error) {
      if (this.#database.open) this.#forgetUnwritten();
      throw error;
    }
  }

  #take(events: readonly Recorded[], position: string): Checkpoint {
    let { ordinal } = this.#checkpoint;
    for (const event of events) {
      ordinal++;
      for (const writer of this.#writers) writer.take(event, ordinal);
    }
    for (const writer of this.#writers) writer.finish?.();
    this.#statements.finish();
    return { ordinal, event: lastOf(events) ?? this.#checkpoint.event, position };
  }

  #forgetUnwritten(): void {
    this.#statements = new Statements(this.#database, this.number);
    this.#writers = this.#prepareWriters();
  }

  #prepareWriters(): Writer[] {
    return this.#projections.map((projection) => projection.prepare(this.#statements));
  }
}

/** Without the event's content, which would be kept in memory. */
function lastOf(events: readonly Recorded[]): LastEvent | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const { id, stream, revision, position } = last;
  return { id, stream, revision, position };
}

function readCheckpoint(database: Database, number: number): Checkpoint {
  const row = database
    .prepare<[number], CheckpointRow>(
      'SELECT ordinal, event, event_position, stream, revision, position FROM generations WHERE number = ?',
    )
    .get(number);
  if (row === undefined) throw new Error(`there is no generation ${number} of the read models`);
  const { ordinal, event, event_position, stream, revision, position } = row;
  if (event === null || event_position === null || stream === null || revision === null) {
    return { ...NOTHING_TAKEN, position };
  }
  return { ordinal, event: { id: event, stream, revision, position: event_position }, position };
}

function prepareAdvance(database: Database, number: number) {
  const statement = database.prepare(
    `UPDATE generations SET ordinal = ?, event = ?, event_position = ?, stream = ?, revision = ?, position = ?
     WHERE number = ? AND ordinal = ?`,
  );
  return (from: number, { ordinal, event, position }: Checkpoint): void => {
    const last = event ?? { id: null, position: null, stream: null, revision: null };
    const { changes } = statement.run(
      ordinal,
      last.id,
      last.position,
      last.stream,
      last.revision,
      position,
      number,
      from,
    );
    if (changes !== 1) throw new Error('another process is writing to the read models');
  };
}
