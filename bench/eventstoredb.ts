import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { openEventStoreDBLedger } from '../src/adapters/ledger/eventstoredb.ts';
import { openReadModels } from '../src/projections/projector.ts';
import { EventLog } from '../test/stand-ins/eventstoredb/event-log.ts';
import { type Append, appendInTurn, CONCURRENT, makeEvents, perSecond } from './appending.ts';
import { type BenchRow, median } from './row.ts';
import { workload } from './workload.ts';

const STAND_IN = fileURLToPath(new URL('../test/stand-ins/eventstoredb/main.ts', import.meta.url));
const ROUNDS = 5;
const APPENDS_EACH = Number(process.env.BENCH_APPENDS ?? 60);
const EVENTS = Math.min(200_000, Number(process.env.BENCH_EVENTS ?? 200_000));
/** Any: the client takes the single append for it, and a server without TLS does not look. */
const credentials = { username: 'bench', password: 'bench' };

/** Over the stand-in in a process of its own, which both sides are held up by in the same way. */
export async function rows(): Promise<BenchRow[]> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-eventstoredb-'));
  try {
    return [await appends(), await catchUp(directory)];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function appends(): Promise<BenchRow> {
  const standIn = await StandInProcess.start();
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const measured = [await bareAppends(standIn.url), await ourAppends(standIn.url)] as const;
    // The first warms everybody up.
    if (round === 0) continue;
    bare.push(measured[0]);
    ours.push(measured[1]);
  }
  await standIn.stop();
  const ratio = median(ours) / median(bare);
  return {
    what: `append to EventStoreDB's stand-in, ${CONCURRENT} concurrent appenders, one event each`,
    reference: "the bare client's single appends over the same stand-in",
    ratio,
    goal: 'at least 0.9',
    met: ratio >= 0.9,
    details: `${perSecond(median(ours))}; bare ${perSecond(median(bare))}`,
  };
}

async function ourAppends(url: string): Promise<number> {
  const ledger = await openEventStoreDBLedger(url);
  const rate = await appendRate((stream, expected, event) => ledger.append(stream, expected, [event]));
  await ledger.close();
  return rate;
}

async function bareAppends(url: string): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const rate = await appendRate((stream, expected, event) => {
    const expectedRevision = expected === 'no_stream' ? expected : BigInt(expected);
    return client.appendToStream(stream, jsonEvent(event), { expectedRevision, credentials });
  });
  await client.dispose();
  return rate;
}

async function appendRate(append: Append): Promise<number> {
  const events = makeEvents(CONCURRENT, APPENDS_EACH);
  const started = performance.now();
  await Promise.all(events.map((toAppend) => appendInTurn(append, toAppend)));
  return (CONCURRENT * APPENDS_EACH * 1_000) / (performance.now() - started);
}

async function catchUp(directory: string): Promise<BenchRow> {
  const file = join(directory, 'events.jsonl');
  const log = new EventLog({ file });
  for (const { stream, events } of workload(EVENTS)) {
    log.append(
      stream,
      events.map(({ id, type, data, metadata }) => ({
        id,
        type,
        contentType: 'application/json',
        data: Buffer.from(JSON.stringify(data)),
        metadata: Buffer.from(JSON.stringify(metadata)),
      })),
    );
  }
  log.close();
  const standIn = await StandInProcess.start('--file', file);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const measured = [await bareRead(standIn.url), await ourCatchUp(standIn.url, directory)] as const;
    if (round === 0) continue;
    bare.push(measured[0]);
    ours.push(measured[1]);
  }
  await standIn.stop();
  const ratio = median(ours) / median(bare);
  return {
    what: `catch-up of the read models from ${EVENTS.toLocaleString('en')} events on EventStoreDB's stand-in`,
    reference: "the bare client's read loop over the same stand-in",
    ratio,
    goal: 'at least 0.5',
    met: ratio >= 0.5,
    details: `${perSecond(median(ours))}; bare ${perSecond(median(bare))}`,
  };
}

async function bareRead(url: string): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const started = performance.now();
  let count = 0;
  for await (const { event } of client.readAll()) if (event !== undefined) count++;
  const seconds = (performance.now() - started) / 1_000;
  await client.dispose();
  if (count !== EVENTS) throw new Error(`the bare client read ${count} events`);
  return count / seconds;
}

async function ourCatchUp(url: string, directory: string): Promise<number> {
  const file = join(directory, `${randomUUID()}.sqlite`);
  const ledger = await openEventStoreDBLedger(url);
  const started = performance.now();
  const readModels = await openReadModels({ file, ledger });
  const seconds = (performance.now() - started) / 1_000;
  if (readModels.head().ordinal !== EVENTS) throw new Error('not every event was taken in');
  await readModels.close();
  await ledger.close();
  return EVENTS / seconds;
}

class StandInProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  static async start(...args: readonly string[]): Promise<StandInProcess> {
    const child = spawn(process.execPath, ['--max-old-space-size=4096', STAND_IN, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = await once(createInterface({ input: child.stdout }), 'line');
    return new StandInProcess(String(url), child);
  }

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}
