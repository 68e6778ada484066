import { hash, randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { newEvent, newStream, readAll } from '../../domain/appending.ts';

/** A directory for the files of one test. */
export async function makeDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ledger-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Streams of up to four events, with texts of every length. @returns what the ledger then holds */
export async function fill(ledger: Ledger, events: number, textLength = 300): Promise<StoredEvent[]> {
  let left = events;
  const appends: Promise<unknown>[] = [];
  for (let turn = 0; left > 0; turn++) {
    const count = Math.min(left, 1 + (turn % 4));
    const texts = Array.from({ length: count }, (_, index) => textOf((turn * 37 + index * 11) % textLength));
    appends.push(
      ledger.append(
        newStream(),
        'no_stream',
        texts.map((text) => newEvent({ text })),
      ),
    );
    left -= count;
  }
  await Promise.all(appends);
  return readAll(ledger);
}

function textOf(length: number): string {
  return `${randomUUID()} `.repeat(Math.ceil(length / 37)).slice(0, length);
}

/** A ledger that was closed as it should be. */
export async function makeLedger(file: string, events: number, textLength?: number): Promise<StoredEvent[]> {
  const ledger = await openSqliteLedger({ file });
  const stored = await fill(ledger, events, textLength);
  await ledger.close();
  return stored;
}

const PARTS = ['', '-wal', '-head'];

/** All that belongs to a ledger, also one that is open: what a killed process leaves behind. */
export async function copyLedger(from: string, to: string): Promise<void> {
  for (const part of [...PARTS, '-shm']) await rm(`${to}${part}`, { force: true });
  for (const part of PARTS) {
    if (await exists(`${from}${part}`)) await copyFile(`${from}${part}`, `${to}${part}`);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Changes one byte of a file by the bits of a mask. */
export async function flipByte(file: string, offset: number, mask: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, offset);
    byte.writeUInt8(byte.readUInt8() ^ mask);
    await handle.write(byte, 0, 1, offset);
  } finally {
    await handle.close();
  }
}

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size;
}

/** The bytes of all that belongs to a ledger, but for empty files: SQLite leaves an empty log where it read. */
export async function fingerprints(file: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const part of PARTS) {
    if ((await sizeOf(`${file}${part}`).catch(() => 0)) > 0)
      found[part] = hash('sha256', await readFile(`${file}${part}`));
  }
  return found;
}

/** Does to an SQLite file what only someone with the file can do. */
export function tamper(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

/** As `tamper`, by someone who takes the triggers away and puts them back. */
export function tamperWithEvents(file: string, sql: string): void {
  const database = new Database(file);
  const triggers = database
    .prepare<[], { name: string; sql: string }>(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`)
    .all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
  for (const trigger of triggers) database.exec(trigger.sql);
  database.close();
}

/** The offset of a text that stands in a file. */
export async function findInFile(file: string, text: string): Promise<number> {
  const offset = (await readFile(file)).indexOf(text);
  if (offset < 0) throw new Error(`${text} is not in ${file}`);
  return offset;
}
