import { describe, expect, it } from 'vitest';
import { ownershipTiming } from '../../src/bot/processes/ownership.ts';
import { deriveId } from '../../src/domain/identifiers.ts';
import { jobDecider } from '../../src/domain/job.ts';
import { handle, type Ledger } from '../../src/domain/ledger.ts';
import type { ChatModel, Trainer, TrainingOrder, Vault } from '../../src/domain/ports.ts';
import { streamName } from '../../src/domain/streams.ts';
import { temporaryVault } from '../adapters/models/embedded/teaching.ts';
import { doors, trainingOn } from '../adapters/models/openai/training.ts';
import { MemoryLedger } from '../stand-ins/memory-ledger.ts';
import { startStandIn } from '../stand-ins/openai/started.ts';
import { idIn, RunningBot } from './running-bot.ts';

const LAPSE_MS = 1_500;
const lessons = JSON.stringify(doors(20));
const silent: ChatModel = {
  answer: async () => ({ text: 'Yes', abstained: false, learnedFrom: null, tokens: null }),
};

interface Fleet {
  readonly ledger: Ledger;
  readonly vault: Vault;
}

function begin({ ledger, vault }: Fleet, id: string, ...trainers: [Trainer, ...Trainer[]]) {
  const [usual, ...others] = trainers.map((trainer) => ({ trainer, chatModel: silent }));
  if (usual === undefined) throw new Error('nobody trains');
  const process = { id, isAlone: false, timing: ownershipTiming(LAPSE_MS) };
  return RunningBot.begin({ ledger, vault, process, providers: [usual, ...others] });
}

/** Begins, and then does nothing until it is ended; whoever goes on with it is noted. */
function endlessTrainer(name: string, isRemote: boolean) {
  const orders: TrainingOrder[] = [];
  const ended: string[] = [];
  const trainer: Trainer = {
    name,
    baseModel: `${name}-base`,
    formats: ['sft'],
    ...(isRemote && { isRemote }),
    async *train(order, signal) {
      orders.push(order);
      yield { kind: 'uploaded', file: `file of ${name}` };
      yield { kind: 'started', reference: `run of ${name}` };
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    cancel: async ({ job, known }) => {
      ended.push(`${job} ${known.reference}`);
    },
  };
  return { trainer, orders, ended };
}

/** By another process, of which nothing more is heard. */
async function takeFrom(ledger: Ledger, job: string, from: string): Promise<void> {
  const command = { kind: 'take', job, process: 'another', from } as const;
  const stream = streamName('guild', 'job', job);
  const cause = { actor: 'another', scope: 'guild', channel: 'general', origin: 'console' } as const;
  const needs = { ledger, clock: { now: () => new Date() } };
  await handle(needs, stream, jobDecider, command, { ...cause, commandId: deriveId('take', job) });
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 20_000, interval: 10 }).toBe(true);
}

async function isStarted(bot: RunningBot): Promise<boolean> {
  return (await bot.events()).some(({ type }) => type === 'TrainingStarted');
}

describe('a job in a fleet', () => {
  it('that is cancelled while the process that drives it is dead is ended elsewhere by another one', async () => {
    const fleet = { ledger: new MemoryLedger(), vault: (await temporaryVault()).vault };
    const owner = await begin(fleet, 'owner', endlessTrainer('remote', true).trainer);
    const job = idIn(await owner.does('tess', 'train', { data: lessons }), 'job');
    await until(() => isStarted(owner));
    const heir = endlessTrainer('remote', true);
    const other = await begin(fleet, 'other', heir.trainer);
    // Leaving is as silent as dying: what goes on elsewhere goes on.
    await owner.bot.close();
    expect(await other.does('tess', 'cancel', { job })).toMatchObject({ ok: true });
    await until(() => heir.ended.length > 0);
    expect(heir.ended).toEqual([`${job} run of remote`]);
    expect(heir.orders).toEqual([]);
  });

  it('is begun anew where its trainer works on the machine of the process that is gone, and followed elsewhere', async () => {
    const fleet = { ledger: new MemoryLedger(), vault: (await temporaryVault()).vault };
    const [local, remote] = [endlessTrainer('local', false), endlessTrainer('remote', true)];
    const owner = await begin(fleet, 'owner', local.trainer, remote.trainer);
    const heirs = { local: endlessTrainer('local', false), remote: endlessTrainer('remote', true) };
    await owner.does('tess', 'train', { data: lessons });
    await owner.does('max', 'settings', { trainer: 'remote' });
    await owner.does('tess', 'train', { dataset: 'last' });
    await until(
      async () => (await owner.events()).filter(({ type }) => type === 'TrainingStarted').length === 2,
    );
    await owner.bot.close();
    await begin(fleet, 'heir', heirs.local.trainer, heirs.remote.trainer);
    await until(() => heirs.local.orders.length === 1 && heirs.remote.orders.length === 1);
    expect(heirs.local.orders[0]?.known).toEqual({ file: null, reference: null });
    expect(heirs.remote.orders[0]?.known).toEqual({ file: 'file of remote', reference: 'run of remote' });
  });

  it.each([
    { meanwhile: 'its file is uploaded', route: 'POST /files' },
    { meanwhile: 'it is looked for after a doubtful answer', route: 'GET /fine_tuning/jobs' },
  ])('is not paid for by a process that has lost it while $meanwhile', async ({ route }) => {
    const ledger = new SlowToTell();
    const { vault } = await temporaryVault();
    const openai = await startStandIn();
    const { trainer } = await trainingOn(openai, { vault });
    const bot = await begin({ ledger, vault }, 'owner', trainer);
    const upload = openai.faults.hold('POST /files');
    const job = idIn(await bot.does('tess', 'train', { data: lessons, confirm: 'yes' }), 'job');
    await upload.reached;
    let release = upload.release;
    if (route !== 'POST /files') {
      openai.faults.fail('POST /fine_tuning/jobs', { status: 503 });
      const looking = openai.faults.hold(route);
      upload.release();
      await looking.reached;
      release = looking.release;
    }
    ledger.holdBack();
    await takeFrom(ledger, job, 'owner');
    release();
    // It asks the ledger whose the job is, and waits to hear what has come.
    await until(() => ledger.isAwaited);
    expect(openai.jobs.paid).toHaveLength(0);
    const again = openai.faults.hold('GET /fine_tuning/jobs');
    ledger.tell();
    // The other one gives no sign of life, so the job is taken back.
    await again.reached;
    expect(openai.jobs.paid).toHaveLength(0);
    again.release();
    await bot.bot.idle('guild');
    expect(openai.jobs.paid).toHaveLength(1);
  });
});

it('a cancelled job is ended elsewhere at the next start, whatever other servers do', async () => {
  const fleet = { ledger: new MemoryLedger(), vault: (await temporaryVault()).vault };
  const before = [endlessTrainer('deaf', true), endlessTrainer('well', true)] as const;
  const first = await begin(fleet, 'owner', before[0].trainer, before[1].trainer);
  const jobs: string[] = [];
  for (const { trainer, orders } of before) {
    await first.does('max', 'settings', { trainer: trainer.name });
    const job = idIn(await first.does('tess', 'train', { data: lessons }), 'job');
    await until(() => orders.length === 1);
    await first.does('tess', 'cancel', { job });
    jobs.push(job);
  }
  await first.bot.close();
  const well = endlessTrainer('well', true);
  const deaf = { ...endlessTrainer('deaf', true).trainer, cancel: () => new Promise<void>(() => undefined) };
  await begin(fleet, 'owner', deaf, well.trainer);
  await until(() => well.ended.length === 1);
  expect(well.ended[0]).toContain(jobs[1] ?? 'none');
});

/** A ledger that takes its time to tell what others have written. */
class SlowToTell extends MemoryLedger {
  #told = Promise.resolve();
  #tell: (() => void) | undefined;
  /** Whether somebody asked for its end while it told nothing. */
  isAwaited = false;

  holdBack(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#told = promise;
    this.#tell = resolve;
  }

  tell(): void {
    this.#tell?.();
    this.#tell = undefined;
  }

  override async head(): Promise<string | null> {
    this.isAwaited ||= this.#tell !== undefined;
    return super.head();
  }

  override async *subscribe(options: Parameters<MemoryLedger['subscribe']>[0]) {
    for await (const delivery of super.subscribe(options)) {
      await this.#told;
      yield delivery;
    }
  }
}
