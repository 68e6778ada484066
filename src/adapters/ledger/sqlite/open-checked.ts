import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Refusal } from '../../../domain/refusal.ts';
import { EventReader } from './event-reader.ts';
import { DamagedLedger } from './event-row.ts';
import { checkFile, RESTORE } from './file-check.ts';
import { createLedger } from './new-ledger.ts';
import { LedgerSchema, versionOf } from './schema.ts';
import {
  checkAcknowledged,
  checkSchema,
  linkBefore,
  runToEnd,
  walkEvents,
  walkStreams,
} from './soundness.ts';

/** Up to this size everything is looked at on every start: in a tenth of a second. */
const WHOLE_CHECK_BYTES = 8 * 1024 * 1024;
/** Of a larger ledger, the newest events; the others are looked at whenever they are read. */
const NEWEST_EVENTS = 1_000;

/**
 * Opens a ledger for reading, or makes a new one, after a look at its soundness.
 * @throws Refusal naming the file and what is wrong with it; nothing is ever repaired
 */
export function openChecked(file: string): Database.Database {
  const schema = new LedgerSchema();
  if (statSync(file, { throwIfNoEntry: false }) === undefined) createLedger(file, schema);
  checkFile(file);
  let database: Database.Database | undefined;
  try {
    database = openForReading(file);
    checkSchema(database, schema, file);
    const reader = new EventReader(database);
    checkAcknowledged(reader, file);
    checkEvents(database, reader, file);
    if (versionOf(database) === schema.version) return database;
    database.close();
    migrate(file, schema);
    database = openForReading(file);
    return database;
  } catch (error) {
    database?.close();
    throw refusalOf(error, file);
  }
}

function openForReading(file: string): Database.Database {
  return new Database(file, { readonly: true, fileMustExist: true });
}

function checkEvents(database: Database.Database, reader: EventReader, file: string): void {
  const isSmall = bytesOf(file) + bytesOf(`${file}-wal`) <= WHOLE_CHECK_BYTES;
  if (isSmall) runToEnd(walkStreams(database));
  runToEnd(walkEvents(reader, linkBefore(reader, isSmall ? Number.POSITIVE_INFINITY : NEWEST_EVENTS)));
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function migrate(file: string, schema: LedgerSchema): void {
  const database = new Database(file, { fileMustExist: true });
  try {
    schema.migrate(database);
  } finally {
    database.close();
  }
}

function refusalOf(error: unknown, file: string): unknown {
  if (error instanceof DamagedLedger)
    return new Refusal(`${file} is damaged (${error.message}); ${RESTORE}.`);
  if (!(error instanceof Database.SqliteError)) return error;
  return /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
    ? new Refusal(`${file} is damaged (SQLite finds: ${error.message}); ${RESTORE}.`)
    : new Refusal(`${file} cannot be opened (${error.message}); see that it may be read and written.`);
}
