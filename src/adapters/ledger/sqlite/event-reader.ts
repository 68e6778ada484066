import type Database from 'better-sqlite3';
import type { StoredEvent } from '../../../domain/events.ts';
import type { Page } from '../read-ahead.ts';
import { Chain, type Link, START, sealedPosition } from './chain.ts';
import {
  authenticEvent,
  authenticId,
  DamagedLedger,
  EVENT_COLUMNS,
  type EventRow,
  missingEvent,
  textOf,
} from './event-row.ts';
import { type PageColumns, pageColumns } from './page-columns.ts';

export interface StreamPage {
  readonly events: readonly StoredEvent[];
  /** Whether the stream ends with it. */
  readonly isLast: boolean;
}

/** How much is read at once. */
interface Extent {
  readonly events: number;
  /** Of data and metadata; overstepped by the rows that were fetched last. */
  readonly characters: number;
  /** Rows that are fetched before it is seen how large they are. */
  readonly rowsAtOnce: number;
}

/** A page of the largest events must not fill the memory, and pages that are alive together are copied by each young collection. */
const PAGE: Extent = { events: 256, characters: 8 * 1024 * 1024, rowsAtOnce: 128 };
/** A larger text would get memory of its own from the system, in both threads, which costs more than all the rest. */
const PAGE_COLUMNS: Extent = { events: 96, characters: 96 * 1024, rowsAtOnce: 48 };

type SealedRow = EventRow & { readonly seal: string };

/**
 * Reads events, and passes on none that is not what was written. No statement is left open: that would keep the
 * write-ahead log from being started anew.
 */
export class EventReader {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** The position of the newest event, 0 where there is none. */
  head(): number {
    return this.#statements.head.get() ?? 0;
  }

  /**
   * The events after a position, up to one (inclusive) that the ledger is known to have reached.
   * @throws DamagedLedger
   */
  page(after: number, through: number): Page<number> {
    const events: StoredEvent[] = [];
    const end = this.#eachRow(this.#statements.page, after, through, PAGE, (row) => {
      events.push(authenticEvent(row));
    });
    return { events, end };
  }

  /**
   * As `page`, for another thread to parse.
   * @throws DamagedLedger
   */
  pageColumns(after: number, through: number): PageColumns {
    const rows: EventRow[] = [];
    const end = this.#eachRow(this.#statements.page, after, through, PAGE_COLUMNS, (row) => {
      rows.push({ ...row, id: authenticId(row) });
    });
    return pageColumns(rows, end);
  }

  /**
   * As `page`, checking the events and their seals instead of passing them on.
   * @param chain ends with the event before; goes on to the last event of the page
   * @throws DamagedLedger
   */
  checkPage(chain: Chain, through: number): void {
    this.#eachRow(this.#statements.sealedPage, chain.position, through, PAGE, (row) => {
      authenticEvent(row);
      addTo(chain, row);
    });
  }

  /**
   * A stream's events from a revision (inclusive) on, at most as many as a page holds.
   * @throws DamagedLedger
   */
  streamPage(stream: string, from: number, atMost: number): StreamPage {
    const events: StoredEvent[] = [];
    const isLast = takeRows(
      (limit) => this.#statements.streamPage.all(stream, from + events.length, limit),
      { ...PAGE, events: Math.min(atMost, PAGE.events) },
      (row) => {
        const revision = from + events.length;
        if (row.revision !== revision) {
          throw new DamagedLedger(`revision ${revision} of ${stream} is missing`, { stream });
        }
        events.push(authenticEvent(row));
      },
    );
    return { events, isLast };
  }

  /**
   * The chain up to the event at a position that the ledger has reached.
   * @throws DamagedLedger
   */
  chainAt(position: number): Chain {
    const chain = new Chain(this.sealAt(position));
    while (chain.position < position) this.checkPage(chain, position);
    return chain;
  }

  /**
   * What stands for every event up to a position that the ledger has reached.
   * @throws DamagedLedger
   */
  hashAt(position: number): string {
    return this.chainAt(position).link.hash;
  }

  /**
   * The newest seal up to a position that the ledger has reached.
   * @throws DamagedLedger where it is missing
   */
  sealAt(position: number): Link {
    const sealed = sealedPosition(position);
    if (sealed === START.position) return START;
    const seal = this.#statements.seal.get(sealed);
    if (seal === undefined) throw missingEvent(sealed);
    return { position: sealed, hash: seal };
  }

  /** @returns the position of the last row */
  #eachRow<Row extends EventRow>(
    statement: Database.Statement<[number, number, number], Row>,
    after: number,
    through: number,
    extent: Extent,
    take: (row: Row) => void,
  ): number {
    let end = after;
    const isEnd = takeRows(
      (limit) => statement.all(end, through, limit),
      extent,
      (row) => {
        if (row.position !== end + 1) throw missingEvent(end + 1);
        take(row);
        end = row.position;
      },
    );
    if (isEnd && end < through) throw missingEvent(end + 1);
    return end;
  }
}

/**
 * Takes rows until there is no room for one more like the last ones.
 * @param next gives the rows after those that were taken, at most as many as it is asked for
 * @returns whether there are no more
 */
function takeRows<Row extends EventRow>(
  next: (limit: number) => readonly Row[],
  { events, characters, rowsAtOnce }: Extent,
  take: (row: Row) => void,
): boolean {
  let left = events;
  let room = characters;
  let largest = 1;
  while (left > 0 && room >= largest) {
    const limit = Math.min(left, rowsAtOnce, Math.floor(room / largest));
    const rows = next(limit);
    largest = 1;
    for (const row of rows) {
      take(row);
      const length = row.data.length + row.metadata.length;
      largest = Math.max(largest, length);
      room -= length;
    }
    if (rows.length < limit) return true;
    left -= limit;
  }
  return false;
}

/** @throws DamagedLedger where the event's seal is not the one that is due */
function addTo(chain: Chain, row: SealedRow): void {
  const { position: sealed } = chain.seal;
  const due = chain.add(textOf(row));
  if (row.seal === (due ?? '')) return;
  const problem =
    due === null || row.seal === ''
      ? `the seal of event ${row.position} is not what was written`
      : `an event from ${sealed + 1} to ${row.position}, or their seal, is not what was written`;
  throw new DamagedLedger(problem, row);
}

function prepareStatements(database: Database.Database) {
  const page = (columns: string) =>
    `SELECT ${columns} FROM events CROSS JOIN streams ON streams.id = events.stream
     WHERE events.position > ? AND events.position <= ? ORDER BY events.position LIMIT ?`;
  return {
    head: database.prepare<[], number>('SELECT max(position) FROM events').pluck(),
    seal: database
      .prepare<[number], string>('SELECT lower(hex(seal)) FROM events WHERE position = ?')
      .pluck(),
    page: database.prepare<[number, number, number], EventRow>(page(EVENT_COLUMNS)),
    sealedPage: database.prepare<[number, number, number], SealedRow>(
      page(`${EVENT_COLUMNS}, lower(hex(events.seal)) AS seal`),
    ),
    streamPage: database.prepare<[string, number, number], EventRow>(
      `SELECT ${EVENT_COLUMNS} FROM streams CROSS JOIN events ON events.stream = streams.id
       WHERE streams.name = ? AND events.revision >= ? ORDER BY events.revision LIMIT ?`,
    ),
  };
}
