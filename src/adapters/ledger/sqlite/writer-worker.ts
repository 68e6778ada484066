import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { HeadNote } from './acknowledged-head.ts';
import { decodeAppends } from './append-batch.ts';
import { packOutcomes } from './outcome-batch.ts';
import { type CheckedAppend, LedgerWriter } from './writer.ts';
import type { AppendMessage, FromWriter, ToWriter } from './writer-thread.ts';

/** In one transaction, so that the first of them do not wait for ever. */
const MAX_APPENDS = 1_024;
/** How long to look out for more work before going to sleep, in ms: to be woken takes about half a commit. */
const LOOK_OUT = 0.1;

if (parentPort === null) throw new Error('this file runs as a worker only');
const port = parentPort;
let open: {
  readonly database: Database.Database;
  readonly writer: LedgerWriter;
  readonly note: HeadNote;
};

port.on('message', (message: ToWriter) => {
  for (let next: ToWriter | null = message; next !== null; next = lookOut()) take(next);
});

function take(message: ToWriter): void {
  switch (message.kind) {
    case 'open': {
      const database = new Database(message.file, { fileMustExist: true });
      const writer = new LedgerWriter(database);
      open = { database, writer, note: new HeadNote(message.file, writer.head) };
      send({ kind: 'opened', head: writer.position });
      return;
    }
    case 'append':
      if (message.count > 0) commit(message);
      return;
    case 'close':
      open.database.close();
      open.note.close();
      port.close();
  }
}

function commit(message: AppendMessage): void {
  const outcomes = open.writer.commit(arriving(message));
  send({ kind: 'outcomes', outcomes: packOutcomes(outcomes), head: open.writer.position });
  noteHead();
}

/** What queued up at the port while the last commit ran, and what the sender says is about to come. */
function* arriving(first: AppendMessage): Generator<readonly CheckedAppend[]> {
  let count = 0;
  for (let message: ToWriter | null = first; message !== null; ) {
    // `close` is sent when nothing is under way any more.
    if (message.kind !== 'append') return;
    yield decodeAppends(message.appends);
    count += message.count;
    if (count >= MAX_APPENDS) return;
    message = message.hasMore ? lookOut() : receive();
  }
}

function noteHead(): void {
  try {
    open.note.moveTo(open.writer.head);
  } catch {
    // The events are on the disk; the note that they should be there may lag behind.
  }
}

function lookOut(): ToWriter | null {
  const end = performance.now() + LOOK_OUT;
  do {
    const message = receive();
    if (message !== null) return message;
  } while (performance.now() < end);
  return null;
}

function receive(): ToWriter | null {
  return receiveMessageOnPort(port)?.message ?? null;
}

function send(message: FromWriter): void {
  port.postMessage(message);
}
