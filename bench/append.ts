import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openSqliteLedger } from '../src/adapters/ledger/sqlite.ts';
import type { Ledger } from '../src/domain/ledger.ts';
import { streamName } from '../src/domain/streams.ts';
import {
  type Append,
  type AppendedEvent,
  appendInTurn,
  CONCURRENT,
  EVENTS_PER_STREAM,
  makeEvent,
  makeEvents,
  perSecond,
} from './appending.ts';
import { type BenchRow, median } from './row.ts';

const ROUNDS = 9;
const EVENTS_CONCURRENT = 64 * 250;
const EVENTS_ONE_BY_ONE = 1_200;
const DELAY_RESOLUTION_MS = 1;
const DELAY_SECONDS = 4;

export async function rows(): Promise<BenchRow[]> {
  return [
    await compare(CONCURRENT, EVENTS_CONCURRENT, 0.45),
    await compare(1, EVENTS_ONE_BY_ONE, 0.7),
    await eventLoopDelay(),
  ];
}

async function compare(appenders: number, events: number, goal: number): Promise<BenchRow> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await inDirectory(async (directory) => insertBare(directory, appenders, events)));
    ours.push(await inDirectory((directory) => appendToLedger(directory, appenders, events)));
  }
  const ratio = median(ours) / median(bare);
  const [what, reference] =
    appenders === 1
      ? ['append, one after the other', 'bare better-sqlite3, one insert a commit, FULL']
      : [
          `append, ${appenders} concurrent appenders, one event each`,
          `bare better-sqlite3, ${appenders} inserts a commit, same file settings`,
        ];
  return {
    what,
    reference,
    ratio,
    goal: `at least ${goal}`,
    met: ratio >= goal,
    details: `${perSecond(median(ours))}; bare ${perSecond(median(bare))}`,
  };
}

/**
 * How many events both sides write before the clock starts. Every round opens a new ledger, whose thread has compiled
 * nothing yet, while the reference's code has long been compiled; and a log that is still growing syncs slower.
 */
function warmUpFor(events: number): number {
  return events / 2;
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-append-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The same rows in the same two tables with the same indexes, ready to be bound; no hashes, checks or threads. What an
 * event belongs to has to be on the disk as well, so a new stream's name is written with its first event, as the
 * ledger does; anything shorter could not be read back.
 */
async function insertBare(directory: string, perCommit: number, events: number): Promise<number> {
  const database = new Database(join(directory, 'bare.sqlite'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(
    `CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
     CREATE TABLE events (
       position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL,
       type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
       UNIQUE (stream, revision), UNIQUE (stream, id)
     ) STRICT`,
  );
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  const insertStream = database.prepare('INSERT INTO streams VALUES (?, ?)');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insertAll = (toInsert: readonly BareInsert[]) => {
    for (let index = 0; index < toInsert.length; index += perCommit) {
      begin.run();
      for (const { event, newStream } of toInsert.slice(index, index + perCommit)) {
        if (newStream !== null) insertStream.run(...newStream);
        insert.run(...event);
      }
      commit.run();
    }
  };
  const warmUp = warmUpFor(events);
  const toInsert = Array.from({ length: warmUp + events }, (_, index) => bareInsert(index, perCommit));
  insertAll(toInsert.slice(0, warmUp));
  const timed = toInsert.slice(warmUp);
  const started = performance.now();
  insertAll(timed);
  const seconds = (performance.now() - started) / 1_000;
  database.close();
  return events / seconds;
}

interface BareInsert {
  readonly event: readonly unknown[];
  readonly newStream: readonly [id: number, name: string] | null;
}

function bareInsert(index: number, perCommit: number): BareInsert {
  const { id, type, data, metadata } = makeEvent();
  const round = Math.floor(index / perCommit);
  const stream = Math.floor(round / EVENTS_PER_STREAM) * perCommit + (index % perCommit);
  const blob = Buffer.from(id.replaceAll('-', ''), 'hex');
  const revision = round % EVENTS_PER_STREAM;
  return {
    event: [index + 1, stream, revision, blob, type, JSON.stringify(data), JSON.stringify(metadata)],
    newStream: revision === 0 ? [stream, streamName('local', 'answer', randomUUID())] : null,
  };
}

async function appendToLedger(directory: string, appenders: number, events: number): Promise<number> {
  const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
  const makeEach = (count: number) => makeEvents(appenders, count / appenders);
  const appendAll = (lists: readonly (readonly AppendedEvent[])[]) =>
    Promise.all(lists.map((toAppend) => appendInTurn(appendTo(ledger), toAppend)));
  await appendAll(makeEach(warmUpFor(events)));
  const each = makeEach(events);
  const started = performance.now();
  await appendAll(each);
  const seconds = (performance.now() - started) / 1_000;
  await ledger.close();
  return events / seconds;
}

/** How much later than asked for a timer of the main thread fires, in ms, while the ledger is kept busy. */
async function eventLoopDelay(): Promise<BenchRow> {
  const idle: number[] = [];
  const busy: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(await delayDuring(() => sleep((DELAY_SECONDS * 1_000) / ROUNDS)));
    busy.push(
      await inDirectory(async (directory) => {
        const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
        const delay = await delayDuring(() => appendFor(ledger, (DELAY_SECONDS * 1_000) / ROUNDS));
        await ledger.close();
        return delay;
      }),
    );
  }
  return {
    what: 'event-loop delay p99 of the main thread while appending',
    reference: 'idle process',
    ratio: median(busy),
    goal: 'below 5 ms',
    met: median(busy) < 5,
    details: `${CONCURRENT} concurrent appenders; idle ${median(idle).toFixed(2)} ms`,
  };
}

async function delayDuring(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delays.enable();
  await work();
  delays.disable();
  // What is recorded is the time from one firing to the next, of which the resolution was asked for.
  return delays.percentile(99) / 1e6 - DELAY_RESOLUTION_MS;
}

async function appendFor(ledger: Ledger, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  const appendUntilEnd = async () => {
    while (performance.now() < end) {
      await appendInTurn(appendTo(ledger), Array.from({ length: EVENTS_PER_STREAM }, makeEvent));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, appendUntilEnd));
}

function appendTo(ledger: Ledger): Append {
  return (stream, expected, event) => ledger.append(stream, expected, [event]);
}
