import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal } from '../../../domain/refusal.ts';
import { acknowledgedHeadFile } from './acknowledged-head.ts';
import { type Link, START } from './chain.ts';
import { EventReader } from './event-reader.ts';
import { DamagedLedger } from './event-row.ts';
import { FIRST_VERSION, type FirstFormatEvent, FirstFormatReader } from './first-format.ts';
import { createLedger, moveLedger, removeLedger, syncDirectory, syncFile } from './new-ledger.ts';
import type { LedgerSchema } from './schema.ts';
import { checkWhole, refusalOf, walkEvents } from './soundness.ts';
import { type CheckedAppend, LedgerWriter } from './writer.ts';

/** What became of a ledger of an earlier version. */
export interface Upgrade {
  readonly file: string;
  readonly events: number;
  /** The file as it was. */
  readonly kept: string;
}

const BATCH_EVENTS = 1_000;
/** A batch of the largest events must not fill the memory. */
const BATCH_CHARACTERS = 8 * 1024 * 1024;

/**
 * Puts a ledger with the same events in the present format in the place of one that the first release wrote. Under
 * the ledger's name there is at every moment the whole old one or the whole new one; the old one is kept beside it.
 * Whatever interrupts this, the next start does it again from the beginning. Hold the data directory's lock.
 * @throws Refusal where the old one is not sound, which is then as it was, or where there is no room
 */
export async function upgradeLedger(file: string, schema: LedgerSchema): Promise<Upgrade> {
  const draft = `${file}.upgrade`;
  try {
    removeLedger(draft);
    createLedger(draft, schema);
    const newest = await copyChecked(file, draft);
    foldLog(file, newest);
    const kept = keepBeside(file);
    // It belongs to the old file, which was found to be whole. The new one gets its own when it is written to.
    rmSync(acknowledgedHeadFile(file), { force: true });
    syncDirectory(dirname(file));
    moveLedger(draft, file);
    return { file, events: newest.position, kept };
  } catch (error) {
    throw failureOf(error, file);
  } finally {
    removeLedger(draft);
  }
}

/** @returns the newest event of the old ledger */
async function copyChecked(file: string, draft: string): Promise<Link> {
  const old = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const reader = new FirstFormatReader(old);
    const copy = new DraftWriter(draft);
    const walk = reader.walk((event) => copy.add(event));
    let newest: Link;
    let copied: Link;
    try {
      ({ newest } = await checkWhole(old, reader, walk, file));
      copied = copy.finish();
    } finally {
      copy.close();
    }
    await checkDraft(draft, copied);
    return newest;
  } finally {
    old.close();
  }
}

/** The copy cannot be written, which says nothing about the ledger. */
class DraftFailure extends Error {
  override readonly name = 'DraftFailure';
}

/** Writes events into a ledger that counts for nothing until it is complete. */
class DraftWriter {
  readonly #database: Database.Database;
  readonly #writer: LedgerWriter;
  #batch: CheckedAppend[] = [];
  #characters = 0;

  constructor(draft: string) {
    this.#database = new Database(draft, { fileMustExist: true });
    this.#writer = new LedgerWriter(this.#database);
    this.#database.pragma('synchronous = OFF');
  }

  add({ stream, revision, ...event }: FirstFormatEvent): void {
    this.#batch.push({ stream, expected: revision === 0 ? 'no_stream' : revision - 1, events: [event] });
    this.#characters += event.data.length + event.metadata.length;
    if (this.#batch.length >= BATCH_EVENTS || this.#characters >= BATCH_CHARACTERS) this.#flush();
  }

  /** Writes what is left. @returns the newest event */
  finish(): Link {
    this.#flush();
    return this.#writer.head;
  }

  close(): void {
    this.#database.close();
  }

  #flush(): void {
    let { position } = this.#writer;
    for (const outcome of this.#writer.commit([this.#batch])) {
      position++;
      if (!('kind' in outcome) && outcome.position === String(position)) continue;
      if ('kind' in outcome && outcome.kind === 'unavailable') throw new DraftFailure(outcome.reason);
      throw new DamagedLedger(`event ${position} stands in the wrong place`, { position });
    }
    this.#batch = [];
    this.#characters = 0;
  }
}

/** Reads back what was written, because it is to take the place of the truth. */
async function checkDraft(draft: string, copied: Link): Promise<void> {
  const database = new Database(draft, { readonly: true, fileMustExist: true });
  try {
    const reader = new EventReader(database);
    const { newest } = await checkWhole(database, reader, walkEvents(reader, START), draft);
    if (newest.position !== copied.position || newest.hash !== copied.hash) {
      throw new Refusal(`${draft} is not what was written; see that the disk is sound.`);
    }
  } catch (error) {
    throw refusalOf(error, draft);
  } finally {
    database.close();
  }
}

/**
 * Takes the write-ahead log into the file and away: SQLite would take one that stayed for the new ledger's.
 * @throws Refusal where another program has the file open
 */
function foldLog(file: string, newest: Link): void {
  const database = new Database(file, { fileMustExist: true });
  let isAsCopied: boolean;
  try {
    const reader = new FirstFormatReader(database);
    isAsCopied = reader.head() === newest.position && reader.hashAt(newest.position) === newest.hash;
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  // SQLite takes the log away when nobody has the file open any more.
  if (isAsCopied && !existsSync(`${file}-wal`)) return;
  throw new Refusal(`${file} is to be upgraded and another program has it open; close that and start again.`);
}

/** Gives the old ledger, with the note that belongs to it, a second name that says what it is. */
function keepBeside(file: string): string {
  const kept = nameToKeep(file);
  if (!existsSync(kept)) linkOrCopy(file, kept);
  const head = acknowledgedHeadFile(file);
  if (existsSync(head)) {
    copyFileSync(head, acknowledgedHeadFile(kept));
    syncFile(acknowledgedHeadFile(kept));
  }
  syncDirectory(dirname(file));
  return kept;
}

/** Under its first name there may be one that was upgraded earlier, and a backup restored since. */
function nameToKeep(file: string): string {
  const name = `${file}.version-${FIRST_VERSION}`;
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    if (!existsSync(candidate) || isSameFile(candidate, file)) return candidate;
  }
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return one.dev === other.dev && one.ino === other.ino;
}

function linkOrCopy(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch {
    // Not every file system has second names.
    const part = `${kept}.part`;
    copyFileSync(file, part);
    syncFile(part);
    renameSync(part, kept);
  }
}

function failureOf(error: unknown, file: string): unknown {
  const isOfPlace = error instanceof DraftFailure || (error instanceof Error && 'code' in error);
  if (!isOfPlace || isCorruption(error)) return refusalOf(error, file);
  const megabytes = Math.ceil(statSync(file).size / 1_000_000) + 5;
  return new Refusal(
    `${file} was written by an earlier version and could not be upgraded (${error.message}), so it stays as it was; see that its directory may be written and has ${megabytes} MB free, and start again.`,
  );
}

function isCorruption(error: Error): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}
