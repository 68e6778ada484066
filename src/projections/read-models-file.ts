import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Refusal } from '../domain/refusal.ts';
import { generationsSchema, indexesSchema, rowsSchema, viewsSchema } from './schema.ts';

/** `TLRM` in ASCII, in the file's header. */
const APPLICATION_ID = 0x544c_524d;
/** Of the bookkeeping; a file of another one is made anew. */
const FILE_FORMAT = 1;

/** A larger file is not looked through at every start: what is damaged there is noticed when it is read. */
const CHECKED_AT_START_BYTES = 16 * 1024 * 1024;
/** Nobody else writes to the file; where somebody does, everything waits only so long. */
const BUSY_TIMEOUT_MS = 100;
/** How far the write-ahead log grows before it is tidied up. */
const PAGES = 1_000;
const PAGES_IN_LONG_WRITE = 16_000;
const HEADER_BYTES = 100;

export interface GenerationRecord {
  readonly number: number;
  readonly signature: string;
}

/** The file that holds the rows. It can be thrown away at any time, and is where it cannot be trusted. */
export class ReadModelsFile {
  readonly #path: string;
  #writer: Database.Database;
  #reader: Database.Database;

  /**
   * Opens the file; makes it where there is none, where it is damaged or where it is in another format.
   * @throws Refusal where it is something else, or cannot be opened
   */
  constructor(path: string) {
    this.#path = path;
    this.#writer = openOrMake(path);
    this.#reader = openReader(path);
  }

  get writer(): Database.Database {
    return this.#writer;
  }

  get reader(): Database.Database {
    return this.#reader;
  }

  activeGeneration(): GenerationRecord | undefined {
    return this.#writer
      .prepare<[], GenerationRecord>('SELECT number, signature FROM generations WHERE active = 1')
      .get();
  }

  /** Makes the empty tables of another generation. */
  createGeneration(signature: string): number {
    return this.#writer
      .transaction(() => {
        const { lastInsertRowid } = this.#writer
          .prepare('INSERT INTO generations (signature, active, ordinal) VALUES (?, 0, 0)')
          .run(signature);
        const number = Number(lastInsertRowid);
        this.#writer.exec(rowsSchema(number));
        return number;
      })
      .immediate();
  }

  /** In the course of a long write it takes less time to tidy up seldom; otherwise it is felt less often. */
  tidySeldom(seldom: boolean): void {
    this.#writer.pragma(`wal_autocheckpoint = ${seldom ? PAGES_IN_LONG_WRITE : PAGES}`);
  }

  /** Makes the indexes that rows are found by, one at a time: before that, queries take long. */
  async ensureIndexes(number: number): Promise<void> {
    for (const statement of indexesSchema(number)) {
      this.#writer.exec(statement);
      await nextTurn();
    }
  }

  /** From one moment to the next, queries see this generation. */
  activate(number: number): void {
    this.#writer
      .transaction(() => {
        const shown = this.#writer.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'view'");
        for (const view of shown.pluck().all()) this.#writer.exec(`DROP VIEW "${view}"`);
        this.#writer.exec(viewsSchema(number));
        this.#writer.prepare('UPDATE generations SET active = 0 WHERE active = 1').run();
        this.#writer.prepare('UPDATE generations SET active = 1 WHERE number = ?').run(number);
      })
      .immediate();
  }

  /** Takes away every generation but the active one, a table at a time. */
  async dropInactive(): Promise<void> {
    const active = this.activeGeneration()?.number;
    const tables = this.#writer
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'g[0-9]*_*'")
      .pluck()
      .all();
    for (const table of tables.filter((name) => !name.startsWith(`g${active}_`))) {
      this.#writer.exec(`DROP TABLE "${table}"`);
      await nextTurn();
    }
    this.#writer.prepare('DELETE FROM generations WHERE active = 0').run();
  }

  /** Throws everything away and begins with an empty file. */
  makeAnew(): void {
    this.close();
    remove(this.#path);
    this.#writer = openOrMake(this.#path);
    this.#reader = openReader(this.#path);
  }

  close(): void {
    this.#reader.close();
    this.#writer.close();
  }
}

/** Whether SQLite says that the file is not what it has written. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Damage ||
    (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code))
  );
}

/** Whether the file is damaged, or does not hold the tables that it should. */
export function isUnusable(error: unknown): boolean {
  return isDamage(error) || (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR');
}

class Damage extends Error {
  override readonly name = 'Damage';
}

function openOrMake(path: string): Database.Database {
  try {
    if (!existsSync(path)) remove(path);
    refuseForeign(path);
    return openWriter(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (!isDamage(error)) throw unopenable(path, error);
  }
  remove(path);
  try {
    return openWriter(path);
  } catch (error) {
    throw unopenable(path, error);
  }
}

function openWriter(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    const isNew = checkIdentity(database, path);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('cache_size = -32000');
    database.pragma('journal_size_limit = 67108864');
    if (isNew) initialise(database);
    else check(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function openReader(path: string): Database.Database {
  return new Database(path, { readonly: true, fileMustExist: true });
}

/** What is not even a database was not written by this program, unless a crash left only zeros. */
function refuseForeign(path: string): void {
  if (!existsSync(path)) return;
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  const isDatabase = header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  if (!isDatabase && header.some((byte) => byte !== 0)) throw foreign(path);
}

/** @returns whether there is nothing in it yet */
function checkIdentity(database: Database.Database, path: string): boolean {
  const id = database.pragma('application_id', { simple: true });
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (id === APPLICATION_ID) {
    const format = database.pragma('user_version', { simple: true });
    if (format !== FILE_FORMAT) throw new Damage(`the format ${format} is not ${FILE_FORMAT}`);
  } else if (id !== 0 || !isEmpty) throw foreign(path);
  return isEmpty;
}

function initialise(database: Database.Database): void {
  database
    .transaction(() => {
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${FILE_FORMAT}`);
      database.exec(generationsSchema());
    })
    .immediate();
}

function check(database: Database.Database, path: string): void {
  if (statSync(path).size > CHECKED_AT_START_BYTES) return;
  const verdict = database.pragma('integrity_check(1)', { simple: true });
  if (verdict !== 'ok') throw new Damage(String(verdict));
}

function remove(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

function foreign(path: string): Refusal {
  return new Refusal(
    `The file ${path} is not one of Training Ledger's read models; move it elsewhere and start again.`,
  );
}

/** What a person is told while SQLite cannot write the rows; other errors stay as they are. */
export function unwritable(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code, message } = error;
  return new Refusal(({ ledger: { readModels } }) =>
    code === 'SQLITE_FULL' ? readModels.full(message) : readModels.unwritable(message),
  );
}

function unopenable(path: string, error: unknown): Refusal {
  const reason = error instanceof Error ? error.message : String(error);
  return new Refusal(
    `The read models' file ${path} cannot be opened (${reason}); make it and its folder writable and start again.`,
  );
}
