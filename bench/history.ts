import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger } from '../src/adapters/ledger/sqlite.ts';
import { trace } from '../src/bot/provenance/provenance.ts';
import { resolveAnything } from '../src/bot/references.ts';
import type { Ledger } from '../src/domain/ledger.ts';
import { openReadModels, type ReadModels } from '../src/projections/projector.ts';
import { Random } from './random.ts';
import { type BenchRow, median } from './row.ts';
import { fillLedger } from './workload.ts';

const EVENTS = Number(process.env.BENCH_EVENTS ?? 1_000_000);
const FEW_EVENTS = 10_000;
const ROUNDS = 7;
const QUESTIONS_PER_ROUND = 500;
const GOAL = 1.5;
const SCOPE = 'local';
const SHOWN = 10;
/** Of an id, so that it is the only one that starts so: models begin with `embedded-`. */
const PREFIX_LENGTH = 20;

/** All that `!history` asks the read models for, once for an answer and once for a model. */
export async function rows(): Promise<BenchRow[]> {
  const many = await Community.ofEvents(EVENTS);
  const few = await Community.ofEvents(FEW_EVENTS);
  try {
    return [await compare('answer', many, few), await compare('model', many, few)];
  } finally {
    await many.close();
    await few.close();
  }
}

type Kind = 'answer' | 'model';

async function compare(kind: Kind, many: Community, few: Community): Promise<BenchRow> {
  const manyMs: number[] = [];
  const fewMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [slowest, reference] = await ask(kind, round, many, few);
    // The first round only warms up.
    if (round === 0) continue;
    manyMs.push(slowest);
    fewMs.push(reference);
  }
  const ratio = median(manyMs) / median(fewMs);
  return {
    what: `!history of one ${kind}, p99, at ${EVENTS.toLocaleString('en')} events`,
    reference: `the same at ${FEW_EVENTS.toLocaleString('en')} events`,
    ratio,
    goal: `at most ${GOAL}`,
    met: ratio <= GOAL,
    details: `${median(manyMs).toFixed(2)} ms; at ${FEW_EVENTS.toLocaleString('en')} ${median(fewMs).toFixed(2)} ms`,
  };
}

/** @returns the p99 of each in ms; asked in turn, so that both meet the same machine */
async function ask(kind: Kind, round: number, many: Community, few: Community): Promise<[number, number]> {
  const random = new Random(round);
  const manyMs: number[] = [];
  const fewMs: number[] = [];
  for (let question = 0; question < QUESTIONS_PER_ROUND; question++) {
    manyMs.push(await many.ask(kind, random));
    fewMs.push(await few.ask(kind, random));
  }
  return [p99(manyMs), p99(fewMs)];
}

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
}

/** Of models trained on corrections and of their answers: the others have chains too short to compare. */
async function idsIn(table: 'answers' | 'models', { db }: ReadModels): Promise<string[]> {
  const built = db.selectFrom('datasets').select('id').where('scope', '=', SCOPE).where('made', '=', 'built');
  const found = await db
    .selectFrom(table)
    .select('id')
    .where('scope', '=', SCOPE)
    .where('dataset', 'in', built)
    .execute();
  return found.map(({ id }) => id);
}

class Community {
  readonly #directory: string;
  readonly #ledger: Ledger;
  readonly #readModels: ReadModels;
  readonly #ids: Readonly<Record<Kind, readonly string[]>>;

  static async ofEvents(events: number): Promise<Community> {
    const directory = await mkdtemp(join(tmpdir(), 'bench-history-'));
    const ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
    await fillLedger(ledger, events);
    const readModels = await openReadModels({ file: join(directory, 'read-models.sqlite'), ledger });
    const ids = { answer: await idsIn('answers', readModels), model: await idsIn('models', readModels) };
    return new Community(directory, ledger, readModels, ids);
  }

  constructor(
    directory: string,
    ledger: Ledger,
    readModels: ReadModels,
    ids: Record<Kind, readonly string[]>,
  ) {
    this.#directory = directory;
    this.#ledger = ledger;
    this.#readModels = readModels;
    this.#ids = ids;
  }

  /** Asks about any answer or model by the start of its id. @returns in how many ms the answer was there */
  async ask(kind: Kind, random: Random): Promise<number> {
    const id = random.pick(this.#ids[kind]);
    const prefix = id.slice(0, PREFIX_LENGTH);
    const started = performance.now();
    const found = await resolveAnything(this.#readModels, SCOPE, prefix);
    if (found.id !== id) throw new Error(`${prefix} was taken for ${found.kind} ${found.id}`);
    const lines = await trace(
      this.#readModels.db,
      SCOPE,
      { kind, id },
      { limit: SHOWN, mayShow: async () => true },
    );
    const ms = performance.now() - started;
    if (lines.length === 0) throw new Error(`nothing is known of the ${kind} ${id}`);
    return ms;
  }

  async close(): Promise<void> {
    await this.#readModels.close();
    await this.#ledger.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
