import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { fillLedger } from '../../bench/workload.ts';
import { openSqliteLedger } from '../../src/adapters/ledger/sqlite.ts';
import { openReadModels } from '../../src/projections/projector.ts';
import { dump, generationsIn } from './dump.ts';
import { temporaryDirectory } from './scenario.ts';

const child = join(import.meta.dirname, 'killed-child.ts');

/** A process that follows a growing ledger is killed again and again until all has been taken in. */
export async function killWhileFollowing(kills: number, events: number): Promise<void> {
  const directory = await temporaryDirectory();
  const ledgerFile = join(directory, 'ledger.sqlite');
  const file = join(directory, 'read-models.sqlite');
  const args = ['follow', ledgerFile, file, String(events)];

  for (let kill = 0; kill < kills; kill++) {
    await runAndKill(args, kill % 2 === 0 ? 'opened' : 'started', Math.random() * 300);
    expectWhole(file);
  }
  await runToEnd(args);

  expect(expectWhole(file)).toBe(events);
  expect(dump(file)).toEqual(await fromNothing(ledgerFile, join(directory, 'fresh.sqlite')));
}

/** A process that makes its rows anew all the time is killed again and again. */
export async function killWhileRebuilding(kills: number, events: number): Promise<void> {
  const directory = await temporaryDirectory();
  const ledgerFile = join(directory, 'ledger.sqlite');
  const file = join(directory, 'read-models.sqlite');
  const ledger = await openSqliteLedger({ file: ledgerFile });
  await fillLedger(ledger, events);
  await ledger.close();
  const rows = await fromNothing(ledgerFile, file);

  for (let kill = 0; kill < kills; kill++) {
    await runAndKill(['rebuild', ledgerFile, file], 'opened', Math.random() * 400);
    expect(dump(file)).toEqual(rows);
  }

  expect(await fromNothing(ledgerFile, file)).toEqual(rows);
  expect(generationsIn(file)).toHaveLength(1);
}

async function runAndKill(args: readonly string[], line: string, delayMs: number): Promise<void> {
  const running = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  for await (const said of createInterface(running.stdout)) if (said === line) break;
  await Promise.race([pause(delayMs), ended]);
  running.kill('SIGKILL');
  const [code] = await ended;
  expect(code ?? 0).toBe(0);
}

async function runToEnd(args: readonly string[]): Promise<void> {
  const running = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  expect(await once(running, 'exit')).toEqual([0, null]);
}

/** The rows are those of exactly the first so many events. @returns how many */
function expectWhole(file: string): number {
  const database = new Database(file);
  try {
    const begun = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'generations'").get();
    const checkpoint = begun === undefined ? undefined : readCheckpoint(database);
    if (checkpoint === undefined) return 0;
    const rows = database
      .prepare(
        `SELECT count(*) AS count, coalesce(max(ordinal), 0) AS last FROM g${checkpoint.number}_history`,
      )
      .get();
    expect(rows).toEqual({ count: checkpoint.ordinal, last: checkpoint.ordinal });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    return checkpoint.ordinal;
  } finally {
    database.close();
  }
}

function readCheckpoint(database: Database.Database) {
  return database
    .prepare<[], { number: number; ordinal: number }>(
      'SELECT number, ordinal FROM generations WHERE active = 1',
    )
    .get();
}

async function fromNothing(ledgerFile: string, file: string): Promise<Record<string, unknown[]>> {
  const ledger = await openSqliteLedger({ file: ledgerFile });
  const readModels = await openReadModels({ file, ledger });
  await readModels.close();
  await ledger.close();
  return dump(file);
}
