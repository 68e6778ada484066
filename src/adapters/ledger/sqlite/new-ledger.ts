import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal } from '../../../domain/refusal.ts';
import { acknowledgedHeadFile, readAcknowledgedHead } from './acknowledged-head.ts';
import { RESTORE } from './file-check.ts';
import type { LedgerSchema } from './schema.ts';

/**
 * Makes an empty ledger. It appears all at once under its name, so a ledger's file that is empty or half made is
 * always a damaged one.
 * @throws Refusal where there once was a ledger
 */
export function createLedger(file: string, schema: LedgerSchema): void {
  checkPlace(file);
  const draft = `${file}.new`;
  removeLedger(draft);
  const database = new Database(draft);
  try {
    database.pragma('synchronous = OFF');
    schema.migrate(database);
    database.pragma('journal_mode = WAL');
  } finally {
    database.close();
  }
  moveLedger(draft, file);
}

function checkPlace(file: string): void {
  if (!existsSync(dirname(file)))
    throw new Refusal(`${dirname(file)} is missing; make that directory first.`);
  const acknowledged = readAcknowledgedHead(file);
  if (acknowledged !== null && acknowledged !== 'unreadable' && acknowledged.link.position > 0) {
    throw new Refusal(
      `${file} is missing, and it held ${acknowledged.link.position} events; ${RESTORE}, or delete ${acknowledgedHeadFile(file)} to begin anew.`,
    );
  }
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw new Refusal(
      `${file} is missing, but ${file}-wal is there; ${RESTORE}, or delete that too to begin anew.`,
    );
  }
}

/** A ledger that is not open, with what belongs to it. What stood under the new name is replaced. */
export function moveLedger(from: string, to: string): void {
  syncFile(from);
  renameSync(from, to);
  rmSync(acknowledgedHeadFile(to), { force: true });
  syncDirectory(dirname(to));
  removeLedger(from);
}

export function removeLedger(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
  rmSync(acknowledgedHeadFile(file), { force: true });
}

export function syncFile(file: string): void {
  sync(file, 'r+');
}

/** Windows has no such thing, and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform !== 'win32') sync(directory, 'r');
}

function sync(path: string, flags: string): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
