import { setImmediate as letOthersRun } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Refusal } from '../../../domain/refusal.ts';
import { acknowledgedHeadFile, isSealIntact, readAcknowledgedHead } from './acknowledged-head.ts';
import { Chain, type Link } from './chain.ts';
import type { EventReader } from './event-reader.ts';
import { DamagedLedger } from './event-row.ts';
import { RESTORE } from './file-check.ts';
import { type LedgerSchema, versionOf } from './schema.ts';

const STREAM_PAGE = 10_000;

/**
 * @returns the version of the file's schema
 * @throws Refusal where the file was made by a newer version, or its schema is not as it was made
 */
export function checkSchema(database: Database.Database, schema: LedgerSchema, file: string): number {
  const version = versionOf(database);
  if (version > schema.version) {
    throw new Refusal(
      `${file} was written by a newer version of training-ledger (its schema is ${version}, known here is ${schema.version}); update training-ledger.`,
    );
  }
  const difference = schema.differenceAt(version, database);
  if (difference !== null) throw new Refusal(`${file} was tampered with (the ${difference}); ${RESTORE}.`);
  return version;
}

/** A ledger in whichever format. */
interface Hashed {
  /** The position of the newest event, 0 where there is none. */
  head(): number;
  /** What stands for every event up to a position that the ledger has reached. */
  hashAt(position: number): string;
}

/**
 * Checks all of a ledger: against what is known of it from outside, every event, every stream and SQLite's own
 * structures.
 * @param walk goes through the events and ends with the newest
 * @throws Refusal or DamagedLedger
 */
export async function checkWhole(
  database: Database.Database,
  reader: Hashed,
  walk: Generator<void, Link>,
  file: string,
): Promise<{ readonly newest: Link; readonly streams: number }> {
  const isUnchanged = checkAcknowledged(reader, file);
  const newest = await runWithPauses(walk);
  const streams = await runWithPauses(walkStreams(database));
  if (isUnchanged === false) throw changedOutside(file);
  return { newest, streams };
}

/**
 * Holds the ledger against what is known of it from outside.
 * @returns whether its file is to the bit as it was closed; null where that cannot be told
 * @throws Refusal where events that were once acknowledged are no longer there
 */
export function checkAcknowledged(reader: Hashed, file: string): boolean | null {
  const known = readAcknowledgedHead(file);
  if (known === null) return null;
  const headFile = acknowledgedHeadFile(file);
  if (known === 'unreadable') {
    throw new Refusal(`${headFile} is damaged; delete it if the ledger is complete, or ${RESTORE}.`);
  }
  const { position, hash } = known.link;
  const head = reader.head();
  if (head < position) {
    throw new Refusal(
      `${file} has lost its newest events (it ends at event ${head}, and event ${position} was acknowledged); ${RESTORE}, or delete ${headFile} to go on without them.`,
    );
  }
  if (reader.hashAt(position) !== hash) {
    throw new Refusal(
      `${file} is not the ledger that ${headFile} belongs to; ${RESTORE}, or delete ${headFile} if it was replaced on purpose.`,
    );
  }
  return isSealIntact(file, known);
}

/** What is wrong with a file whose seal is broken and whose events are nevertheless what was written. */
export function changedOutside(file: string): Refusal {
  return new Refusal(`${file} was changed since it was closed, though in no event; ${RESTORE}.`);
}

/**
 * Goes through the events after a seal, or the start, to the newest, yielding now and then.
 * @returns the newest event
 * @throws DamagedLedger at the first event that is not what was written
 */
export function* walkEvents(reader: EventReader, from: Link): Generator<void, Link> {
  const through = reader.head();
  const chain = new Chain(from);
  while (chain.position < through) {
    reader.checkPage(chain, through);
    yield;
  }
  return chain.link;
}

/**
 * Sees that SQLite's own structures agree and that every stream counts its events from 0 in the order of the ledger.
 * @returns how many streams there are
 * @throws DamagedLedger
 */
export function* walkStreams(database: Database.Database): Generator<void, number> {
  const verdict = database.pragma('integrity_check(1)', { simple: true });
  if (verdict !== 'ok') throw new DamagedLedger(sqliteFinding(String(verdict)));
  yield;
  const page = database.prepare<[number, number], StreamStep>(
    `SELECT stream, revision, position FROM events WHERE (stream, revision) > (?, ?)
     ORDER BY stream, revision LIMIT ${STREAM_PAGE}`,
  );
  let streams = 0;
  let last: StreamStep = { stream: -1, revision: -1, position: 0 };
  for (let steps = page.all(last.stream, last.revision); steps.length > 0; ) {
    for (const step of steps) {
      const isNew = step.stream !== last.stream;
      if (isNew) streams++;
      if (step.revision !== (isNew ? 0 : last.revision + 1) || (!isNew && step.position < last.position)) {
        throw outOfOrder(database, step);
      }
      last = step;
    }
    yield;
    steps = page.all(last.stream, last.revision);
  }
  return streams;
}

interface StreamStep {
  readonly stream: number;
  readonly revision: number;
  readonly position: number;
}

function outOfOrder(database: Database.Database, { stream: id, revision, position }: StreamStep) {
  const stream = database.prepare<[number], string>('SELECT name FROM streams WHERE id = ?').pluck().get(id);
  return new DamagedLedger(`revision ${revision} of ${stream} stands in the wrong place`, {
    position,
    ...(stream !== undefined && { stream }),
  });
}

/** What a ledger is refused with, naming the file and what to do; anything that says nothing about it stays as it is. */
export function refusalOf(error: unknown, file: string): unknown {
  if (error instanceof DamagedLedger)
    return new Refusal(`${file} is damaged (${error.message}); ${RESTORE}.`);
  if (!(error instanceof Database.SqliteError)) return error;
  return /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
    ? new Refusal(`${file} is damaged (${sqliteFinding(error.message)}); ${RESTORE}.`)
    : new Refusal(`${file} cannot be opened (${error.message}); see that it may be read and written.`);
}

/** SQLite's words for what is wrong with a file, which may quote its damaged bytes. */
function sqliteFinding(message: string): string {
  return `SQLite finds: ${message.replaceAll(/[\p{Cc}\ufffd]+/gu, ' ')}`;
}

export function runToEnd<Result>(walk: Generator<void, Result>): Result {
  for (;;) {
    const step = walk.next();
    if (step.done === true) return step.value;
  }
}

async function runWithPauses<Result>(walk: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const step = walk.next();
    if (step.done === true) return step.value;
    await letOthersRun();
  }
}

/** A seal that at least so many events, or all, come after. */
export function sealBefore(reader: EventReader, events: number): Link {
  return reader.sealAt(Math.max(0, reader.head() - events));
}
