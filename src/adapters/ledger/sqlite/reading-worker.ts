import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { type FromReader, PAGES_AT_ONCE } from '../read-ahead.ts';
import { EventReader } from './event-reader.ts';
import type { PageColumns } from './page-columns.ts';
import type { Stretch } from './reading-thread.ts';

if (parentPort === null) throw new Error('this file runs as a worker only');
const port = parentPort;
const { file, after, through }: Stretch = workerData;
const database = new Database(file, { readonly: true, fileMustExist: true });
const reader = new EventReader(database);
let at = after;

port.on('message', givePages);
givePages();

function givePages(): void {
  for (let given = 0; given < PAGES_AT_ONCE; given++) givePage();
}

function givePage(): void {
  if (at === through) return;
  try {
    const page = reader.pageColumns(at, through);
    at = page.end;
    send({ kind: 'page', page });
  } catch {
    at = through;
    send({ kind: 'failed' });
  }
  if (at === through) end();
}

function end(): void {
  database.close();
  port.close();
}

function send(message: FromReader<PageColumns>): void {
  port.postMessage(message);
}
