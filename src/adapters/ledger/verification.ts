import { resolve } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal } from '../../domain/refusal.ts';
import { START } from './sqlite/chain.ts';
import { EventReader } from './sqlite/event-reader.ts';
import { DamagedLedger } from './sqlite/event-row.ts';
import { checkFile } from './sqlite/file-check.ts';
import { FIRST_VERSION, FirstFormatReader } from './sqlite/first-format.ts';
import { LedgerSchema } from './sqlite/schema.ts';
import { checkSchema, checkWhole, refusalOf, walkEvents } from './sqlite/soundness.ts';

export type Verification =
  | {
      readonly ok: true;
      readonly events: number;
      readonly streams: number;
      /** Of the newest event, in hex: it stands for every event up to there. */
      readonly hash: string;
    }
  | {
      readonly ok: false;
      /** What is wrong and what to do, naming the file and the event. */
      readonly problem: string;
      /** Of the first event that is not as it was written; null where the damage is not in one. */
      readonly position: string | null;
      readonly stream: string | null;
    };

/**
 * Goes through a whole ledger that no one has open: its file, SQLite's structures, the chain of hashes over every
 * event, and the revisions of every stream. It changes nothing, so a ledger of an earlier version is checked as that
 * version did and not upgraded; a file that is missing or cannot be read is a finding too.
 */
export async function verifyLedger(file: string): Promise<Verification> {
  const path = resolve(file);
  let database: Database.Database | undefined;
  try {
    checkFile(path);
    database = new Database(path, { readonly: true, fileMustExist: true });
    const version = checkSchema(database, new LedgerSchema(), path);
    const { newest, streams } = await checkEvents(database, version, path);
    return { ok: true, events: newest.position, streams, hash: newest.hash };
  } catch (error) {
    return { ok: false, ...findingOf(error, path) };
  } finally {
    database?.close();
  }
}

function checkEvents(database: Database.Database, version: number, file: string) {
  if (version === FIRST_VERSION) {
    const reader = new FirstFormatReader(database);
    return checkWhole(database, reader, reader.walk(), file);
  }
  const reader = new EventReader(database);
  return checkWhole(database, reader, walkEvents(reader, START), file);
}

function findingOf(error: unknown, file: string) {
  const refusal = refusalOf(error, file);
  if (!(refusal instanceof Refusal)) throw error;
  const { position, stream } = error instanceof DamagedLedger ? error : { position: null, stream: null };
  return { problem: refusal.message, position: position === null ? null : String(position), stream };
}
