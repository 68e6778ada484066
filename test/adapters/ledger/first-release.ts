import { hash, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { exportLedger } from '../../../src/adapters/ledger/transfer.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { newStream } from '../../domain/appending.ts';
import { copyLedger } from './ledger-files.ts';

const FIXTURES = fileURLToPath(new URL('./fixtures/first-release/', import.meta.url));
const MIGRATION = new URL('../../../migrations/ledger/0001-streams-and-events.sql', import.meta.url);

/**
 * Real ledgers of the first release with its own exports of them: one that was closed, and one whose process was
 * killed, with the newest of its events in the write-ahead log only.
 */
export const recorded = {
  closed: {
    file: join(FIXTURES, 'closed.sqlite'),
    events: 82,
    hash: 'fdb4b7119452a73361ecd9f1f06b314613e887299d5c8215c7a551dbfdcb7c3f',
  },
  killed: {
    file: join(FIXTURES, 'killed.sqlite'),
    events: 13,
    hash: 'a43b110dc155ba0faa2f0cba31c26d292b9e4c58cb568080e2751dbd9ec8efb1',
  },
} as const;

export function recordedExport(name: keyof typeof recorded): Promise<string> {
  return readFile(join(FIXTURES, `${name}.jsonl`), 'utf8');
}

/** All of a ledger, to be compared. */
export async function exportOf(ledger: Ledger): Promise<string> {
  let text = '';
  for await (const line of exportLedger(ledger)) text += line;
  return text;
}

/** Opens a ledger, which upgrades it, exports it and closes it. */
export async function exportedFrom(file: string): Promise<string> {
  const ledger = await openSqliteLedger({ file });
  return exportOf(ledger).finally(() => ledger.close());
}

/** What belongs to an upgraded ledger that is closed. */
export const UPGRADED: readonly string[] = [
  'ledger.sqlite',
  'ledger.sqlite-head',
  'ledger.sqlite.version-1',
  'ledger.sqlite.version-1-head',
];

/** All that is in a directory but what SQLite leaves empty where it only read, and the lock. */
export async function namesIn(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => !/(-wal|-shm|\.lock)$/.test(name));
  return names.sort();
}

/**
 * Writes a ledger as the first release did, of any size, and leaves it as a process that is killed does: with a
 * write-ahead log.
 */
export async function writeAsFirstRelease(file: string, events: number, textLength = 50): Promise<void> {
  const open = `${file}.open`;
  const database = new Database(open);
  database.exec(readFileSync(MIGRATION, 'utf8'));
  database.pragma('user_version = 1');
  database.pragma('journal_mode = WAL');
  const addStream = database.prepare('INSERT INTO streams (id, name) VALUES (?, ?)');
  const addEvent = database.prepare(
    `INSERT INTO events (position, stream, revision, id, hash, type, data, metadata)
     VALUES (?, ?, ?, unhex(?, '-'), unhex(?), ?, ?, ?)`,
  );
  let last = '0'.repeat(64);
  let name = '';
  const add = database.transaction((from: number, through: number) => {
    for (let position = from; position <= through; position++) {
      const stream = Math.ceil(position / 3);
      const revision = (position - 1) % 3;
      if (revision === 0) {
        name = newStream();
        addStream.run(stream, name);
      }
      const [id, type, metadata] = [randomUUID(), 'CorrectionGiven', '{"actor":"anna"}'];
      const data = JSON.stringify({ text: 'ü'.repeat(position % textLength) });
      last = hash('sha256', `${last}\n${id}\n${name}\n${revision}\n${type}\n${data}\n${metadata}\n`);
      addEvent.run(position, stream, revision, id, last, type, data, metadata);
    }
  });
  const checkpointed = Math.floor(events / 2);
  add(1, checkpointed);
  database.pragma('wal_checkpoint(TRUNCATE)');
  add(checkpointed + 1, events);
  writeFileSync(`${open}-head`, `${String(events).padStart(16, '0')} ${last} ${'-'.repeat(64)}\n`);
  await copyLedger(open, file);
  database.close();
}
