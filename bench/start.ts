import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSqliteLedger } from '../src/adapters/ledger/sqlite.ts';
import { openReadModels } from '../src/projections/projector.ts';
import { type BenchRow, median } from './row.ts';
import { fillLedger } from './workload.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const ROUNDS = 7;

/** The whole process, from its start over the opened ledger and read models to its end. */
export async function rows(): Promise<BenchRow[]> {
  const full = await mkdtemp(join(tmpdir(), 'bench-start-full-'));
  const empty = await mkdtemp(join(tmpdir(), 'bench-start-empty-'));
  try {
    await prepare(full, EVENTS);
    await prepare(empty, 0);
    const fullSeconds: number[] = [];
    const emptySeconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      fullSeconds.push(await startSeconds(full));
      emptySeconds.push(await startSeconds(empty));
    }
    const ratio = median(fullSeconds) / median(emptySeconds);
    return [
      {
        what: `start with read models up to date, ${EVENTS.toLocaleString('en')} events`,
        reference: 'the same with an empty ledger',
        ratio,
        goal: 'at most 1.5',
        met: ratio <= 1.5,
        details: `${median(fullSeconds).toFixed(2)} s; empty ${median(emptySeconds).toFixed(2)} s, whole processes`,
      },
    ];
  } finally {
    for (const directory of [full, empty]) await rm(directory, { recursive: true, force: true });
  }
}

async function prepare(directory: string, events: number): Promise<void> {
  const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
  await fillLedger(ledger, events);
  const readModels = await openReadModels({ file: join(directory, 'read-models.sqlite'), ledger });
  await readModels.close();
  await ledger.close();
}

async function startSeconds(directory: string): Promise<number> {
  const started = performance.now();
  const running = promisify(execFile)(process.execPath, ['src/main.ts', 'console', '--data-dir', directory]);
  running.child.stdin?.end();
  await running;
  return (performance.now() - started) / 1_000;
}
