import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openSqliteLedger } from '../src/adapters/ledger/sqlite.ts';
import { openReadModels } from '../src/projections/projector.ts';
import { type BenchRow, median } from './row.ts';
import { fillLedger } from './workload.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const ROUNDS = 5;
const EVENTS_PER_TRANSACTION = 1_000;
const GOAL = 0.4;
const MEMORY_SAMPLE_MS = 20;

/** All read models made from nothing, against the least that could make rows of the same events. */
export async function rows(): Promise<BenchRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-rebuild-'));
  try {
    const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
    await fillLedger(ledger, EVENTS);
    await ledger.close();

    const bare: number[] = [];
    const ours: Rebuilt[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await bareSeconds(directory));
      ours.push(await rebuild(directory));
    }
    const bareMedian = median(bare);
    const oursMedian = median(ours.map(({ seconds }) => seconds));
    const ratio = bareMedian / oursMedian;
    const growth = Math.max(...ours.map(({ growth }) => growth));
    const peak = Math.max(...ours.map(({ peak }) => peak));
    return [
      {
        what: `rebuild of all read models from ${EVENTS.toLocaleString('en')} events`,
        reference: `bare page reads, JSON.parse and one upsert an event, ${EVENTS_PER_TRANSACTION} a transaction`,
        ratio,
        goal: `at least ${GOAL}`,
        met: ratio >= GOAL,
        details: `${rate(oursMedian)}; bare ${rate(bareMedian)}; memory grew by ${growth.toFixed(0)} MiB in the second half of the time, to ${peak.toFixed(0)} MiB`,
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function rate(seconds: number): string {
  return `${Math.round(EVENTS / seconds).toLocaleString('en')} events/s`;
}

interface Rebuilt {
  readonly seconds: number;
  /** Of the resident memory, in MiB. */
  readonly peak: number;
  /** Of the resident memory, in MiB: its highest in the second half of the time over its highest in the first. */
  readonly growth: number;
}

async function rebuild(directory: string): Promise<Rebuilt> {
  const file = join(directory, 'read-models.sqlite');
  await remove(file);
  const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(process.memoryUsage.rss()), MEMORY_SAMPLE_MS);
  const started = performance.now();
  const readModels = await openReadModels({ file, ledger });
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(sampling);
  if (readModels.head().ordinal !== EVENTS) throw new Error('not every event was taken in');
  await readModels.close();
  await ledger.close();
  const half = Math.ceil(memory.length / 2);
  const peak = Math.max(...memory.slice(half));
  const growth = peak - Math.max(...memory.slice(0, half));
  return { seconds, peak: peak / 2 ** 20, growth: Math.max(0, growth) / 2 ** 20 };
}

interface EventRow {
  readonly position: number;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** The newest event of each thing: one table, found by the thing's id. */
async function bareSeconds(directory: string): Promise<number> {
  const file = join(directory, 'bare.sqlite');
  await remove(file);
  const source = new Database(join(directory, 'ledger.sqlite'), { readonly: true });
  const target = new Database(file);
  target.pragma('journal_mode = WAL');
  target.pragma('synchronous = NORMAL');
  target.exec(
    `CREATE TABLE newest (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL)
     STRICT`,
  );
  const page = source.prepare<[number, number], EventRow>(
    'SELECT position, revision, type, data, metadata FROM events WHERE position > ? ORDER BY position LIMIT ?',
  );
  const upsert = target.prepare(
    `INSERT INTO newest VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, type = excluded.type, time = excluded.time`,
  );
  const write = target.transaction((events: readonly EventRow[]) => {
    for (const { revision, type, data, metadata } of events) {
      const { answer, job, dataset, member, model } = JSON.parse(data);
      upsert.run(
        answer ?? job ?? dataset ?? member ?? model ?? '',
        revision,
        type,
        JSON.parse(metadata).time,
      );
    }
  });

  const started = performance.now();
  for (let after = 0; ; ) {
    const events = page.all(after, EVENTS_PER_TRANSACTION);
    const last = events.at(-1);
    if (last === undefined) break;
    write(events);
    after = last.position;
  }
  const seconds = (performance.now() - started) / 1_000;
  source.close();
  target.close();
  return seconds;
}

async function remove(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
}
