import { hash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { SerialisedEvent } from '../../../domain/event-content.ts';
import { type Link, START } from './chain.ts';
import { DamagedLedger, missingEvent, toUuid } from './event-row.ts';

/** The schema of the first release. */
export const FIRST_VERSION = 1;

/** An event as the first release kept it. */
export interface FirstFormatEvent extends SerialisedEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

/** The id and the hash in hex. */
type Row = FirstFormatEvent & { readonly hash: string };

const EVENTS_BETWEEN_PAUSES = 1_000;

/**
 * Reads a ledger that the first release wrote, to check and to upgrade it. Each event has a SHA-256 over the hash
 * of the event before it and its own content.
 */
export class FirstFormatReader {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** The position of the newest event, 0 where there is none. */
  head(): number {
    return this.#statements.head.get() ?? 0;
  }

  /**
   * Of the event at a position that the ledger has reached, as it is kept.
   * @throws DamagedLedger where there is none
   */
  hashAt(position: number): string {
    if (position === START.position) return START.hash;
    const found = this.#statements.hash.get(position);
    if (found === undefined) throw missingEvent(position);
    return found;
  }

  /**
   * Goes through all events, one in memory at a time, yielding now and then.
   * @param take gets each event that is what was written
   * @returns the newest event
   * @throws DamagedLedger at the first event that is not what was written
   */
  *walk(take: (event: FirstFormatEvent) => void = () => {}): Generator<void, Link> {
    const head = this.head();
    let at = START;
    for (const row of this.#statements.all.iterate()) {
      const position = at.position + 1;
      if (row.position !== position) throw missingEvent(position);
      take(authentic(row, at.hash));
      at = { position, hash: row.hash };
      if (position % EVENTS_BETWEEN_PAUSES === 0) yield;
    }
    if (at.position < head) throw missingEvent(at.position + 1);
    return at;
  }
}

/** @throws DamagedLedger where it is not to the bit what was written after the event with that hash */
function authentic(row: Row, previousHash: string): FirstFormatEvent {
  const event = { ...row, id: toUuid(row.id) };
  const { position, stream, type, data, metadata } = event;
  // Damage can turn a text into a BLOB of the same bytes.
  const areTexts = [stream, type, data, metadata].every((part) => typeof part === 'string');
  if (!areTexts || row.hash !== hashOf(event, previousHash)) {
    throw new DamagedLedger(`event ${position} is not what was written`, row);
  }
  try {
    JSON.parse(data);
    JSON.parse(metadata);
  } catch {
    throw new DamagedLedger(`event ${position} is not valid JSON`, row);
  }
  return event;
}

function hashOf(event: FirstFormatEvent, previousHash: string): string {
  const { id, stream, revision, type, data, metadata } = event;
  return hash('sha256', `${previousHash}\n${id}\n${stream}\n${revision}\n${type}\n${data}\n${metadata}\n`);
}

function prepareStatements(database: Database.Database) {
  return {
    head: database.prepare<[], number>('SELECT max(position) FROM events').pluck(),
    hash: database
      .prepare<[number], string>('SELECT lower(hex(hash)) FROM events WHERE position = ?')
      .pluck(),
    all: database.prepare<[], Row>(
      `SELECT events.position, lower(hex(events.id)) AS id, streams.name AS stream, events.revision, events.type,
         events.data, events.metadata, lower(hex(events.hash)) AS hash
       FROM events CROSS JOIN streams ON streams.id = events.stream ORDER BY events.position`,
    ),
  };
}
