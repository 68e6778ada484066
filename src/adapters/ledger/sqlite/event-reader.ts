import type Database from 'better-sqlite3';
import type { StoredEvent } from '../../../domain/events.ts';
import { type Link, START } from './chain.ts';
import { authenticEvent, DamagedLedger, EVENT_COLUMNS, type EventRow } from './event-row.ts';

/** Events that follow one another, and the link that the last of them is: where to read on. */
export interface Page {
  readonly events: readonly StoredEvent[];
  readonly end: Link;
}

export interface StreamPage {
  readonly events: readonly StoredEvent[];
  /** Whether the stream ends with it. */
  readonly isLast: boolean;
}

const PAGE_EVENTS = 1_000;
/** A page of the largest events must not fill the memory. */
const PAGE_BYTES = 8 * 1024 * 1024;

type StreamRow = EventRow & { readonly previousHash: string };

/**
 * Reads events, and passes on none that is not what was written. Every page is read whole at once: an open
 * statement would keep the write-ahead log from being started anew.
 */
export class EventReader {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** The newest event. */
  head(): Link {
    return this.#statements.head.get() ?? START;
  }

  /** The event at a position; undefined where there is none. */
  linkAt(position: number): Link | undefined {
    return position === 0 ? START : this.#statements.link.get(position);
  }

  /**
   * The events after a link, up to a position (inclusive) that the ledger is known to have reached.
   * @throws DamagedLedger
   */
  page(after: Link, through: number): Page {
    const limit = pageLimit(this.#statements.largest.get(after.position, through), PAGE_EVENTS);
    const rows = this.#statements.page.all(after.position, through, limit);
    let end = after;
    const events = rows.map((row) => {
      if (row.position !== end.position + 1) throw missing(end.position + 1);
      const event = authenticEvent(row, end.hash);
      end = row;
      return event;
    });
    if (rows.length < limit && end.position < through) throw missing(end.position + 1);
    return { events, end: { position: end.position, hash: end.hash } };
  }

  /**
   * A stream's events from a revision (inclusive) on, at most as many as a page holds.
   * @throws DamagedLedger
   */
  streamPage(stream: string, from: number, atMost: number): StreamPage {
    const wanted = Math.min(atMost, PAGE_EVENTS);
    const limit = pageLimit(this.#statements.largestOfStream.get(stream, from, wanted), wanted);
    const rows = this.#statements.streamPage.all(stream, from, limit);
    const events = rows.map((row, index) => {
      if (row.revision !== from + index) {
        throw new DamagedLedger(`revision ${from + index} of ${stream} is missing`, { stream });
      }
      return authenticEvent(row, row.position === 1 ? START.hash : row.previousHash);
    });
    return { events, isLast: rows.length < limit };
  }
}

/** @param largest the size of the largest event that may be on the page, null where there is none */
function pageLimit(largest: number | null | undefined, wanted: number): number {
  const fitting = Math.floor(PAGE_BYTES / Math.max(largest ?? 1, 1));
  return Math.max(1, Math.min(fitting, wanted));
}

function missing(position: number): DamagedLedger {
  return new DamagedLedger(`event ${position} is missing`, { position });
}

function prepareStatements(database: Database.Database) {
  return {
    head: database.prepare<[], Link>(
      'SELECT position, lower(hex(hash)) AS hash FROM events ORDER BY position DESC LIMIT 1',
    ),
    link: database.prepare<[number], Link>(
      'SELECT position, lower(hex(hash)) AS hash FROM events WHERE position = ?',
    ),
    largest: database
      .prepare<[number, number], number | null>(
        `SELECT max(octet_length(data) + octet_length(metadata)) FROM (
           SELECT data, metadata FROM events WHERE position > ? AND position <= ?
           ORDER BY position LIMIT ${PAGE_EVENTS})`,
      )
      .pluck(),
    page: database.prepare<[number, number, number], EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM events CROSS JOIN streams ON streams.id = events.stream
       WHERE events.position > ? AND events.position <= ? ORDER BY events.position LIMIT ?`,
    ),
    largestOfStream: database
      .prepare<[string, number, number], number | null>(
        `SELECT max(octet_length(data) + octet_length(metadata)) FROM (
           SELECT data, metadata FROM streams CROSS JOIN events ON events.stream = streams.id
           WHERE streams.name = ? AND revision >= ? ORDER BY revision LIMIT ?)`,
      )
      .pluck(),
    streamPage: database.prepare<[string, number, number], StreamRow>(
      `SELECT ${EVENT_COLUMNS}, lower(hex(previous.hash)) AS previousHash
       FROM streams CROSS JOIN events ON events.stream = streams.id
       LEFT JOIN events AS previous ON previous.position = events.position - 1
       WHERE streams.name = ? AND events.revision >= ? ORDER BY events.revision LIMIT ?`,
    ),
  };
}
