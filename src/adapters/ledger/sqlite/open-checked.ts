import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { SMALL_LEDGER_BYTES } from './acknowledged-head.ts';
import { EventReader } from './event-reader.ts';
import { checkFile } from './file-check.ts';
import { FIRST_VERSION } from './first-format.ts';
import { createLedger } from './new-ledger.ts';
import { LedgerSchema, versionOf } from './schema.ts';
import {
  changedOutside,
  checkAcknowledged,
  checkSchema,
  refusalOf,
  runToEnd,
  sealBefore,
  walkEvents,
  walkStreams,
} from './soundness.ts';
import { type Upgrade, upgradeLedger } from './upgrade.ts';

/** Of a ledger that is not small, the newest events are looked at; the others are looked at whenever they are read. */
const NEWEST_EVENTS = 1_000;

/**
 * Opens a ledger for reading, or makes a new one, after a look at its soundness. One that an earlier version wrote is
 * upgraded first.
 * @param tellUpgrade is called when that was done
 * @throws Refusal naming the file and what is wrong with it; nothing is ever repaired
 */
export async function openChecked(
  file: string,
  tellUpgrade: (upgrade: Upgrade) => void = () => {},
): Promise<Database.Database> {
  const schema = new LedgerSchema();
  if (statSync(file, { throwIfNoEntry: false }) === undefined) createLedger(file, schema);
  checkFile(file);
  let database: Database.Database | undefined;
  try {
    database = openForReading(file);
    if (checkSchema(database, schema, file) === FIRST_VERSION) {
      database.close();
      tellUpgrade(await upgradeLedger(file, schema));
      database = openForReading(file);
    }
    const reader = new EventReader(database);
    const isUnchanged = checkAcknowledged(reader, file);
    if (isUnchanged !== true) checkEvents(database, reader, file);
    if (isUnchanged === false) throw changedOutside(file);
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
  const isSmall = bytesOf(file) + bytesOf(`${file}-wal`) <= SMALL_LEDGER_BYTES;
  runToEnd(walkEvents(reader, sealBefore(reader, isSmall ? Number.POSITIVE_INFINITY : NEWEST_EVENTS)));
  if (isSmall) runToEnd(walkStreams(database));
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
