import { describe, expect, it, onTestFinished } from 'vitest';
import { Ownership } from '../../src/bot/processes/ownership.ts';
import { decodeEvent, type Recorded } from '../../src/domain/events.ts';
import { FoldedStreams } from '../../src/domain/folded-streams.ts';
import { jobDecider } from '../../src/domain/job.ts';
import { handle, type Ledger, LedgerError } from '../../src/domain/ledger.ts';
import { streamName } from '../../src/domain/streams.ts';
import { id, samples } from '../domain/samples.ts';
import { MemoryLedger } from '../stand-ins/memory-ledger.ts';

const timing = { beatMs: 8, letGoMs: 1_000, lapseMs: 2_000 };
const scope = 'local';
const cause = { actor: 'ada', scope, channel: 'console', origin: 'console' } as const;
const clock = { now: () => new Date() };

/** A process of the fleet, which follows the ledger and whose clock is moved by hand. */
class Process {
  readonly ownership: Ownership;
  readonly lost: string[] = [];
  readonly #leave = new AbortController();
  readonly #ledger: Ledger;
  #position: string | null = null;
  #moved = Promise.withResolvers<void>();
  #ms = 0;

  constructor(ledger: Ledger, name: string, { isAlone = false, beatMs = timing.beatMs } = {}) {
    this.#ledger = ledger;
    this.ownership = new Ownership({
      ledger,
      clock,
      streams: new FoldedStreams(),
      process: { id: name, isAlone, timing: { ...timing, beatMs } },
      caughtUp: () => this.#caughtUp(),
      reportFault: (fault) => {
        throw fault;
      },
      now: () => this.#ms,
    });
    void this.#follow();
    onTestFinished(() => this.die());
  }

  take(job: string): Promise<void> {
    const { signal } = this.#leave;
    const taken = this.ownership.take({ id: job, scope, cause }, signal, () => this.lost.push(job));
    taken.catch(() => undefined);
    return taken;
  }

  later(ms: number): void {
    this.#ms += ms;
  }

  async die(): Promise<void> {
    this.#leave.abort();
    await this.ownership.close();
  }

  async #follow(): Promise<void> {
    for await (const delivery of this.#ledger.subscribe({ signal: this.#leave.signal })) {
      if (delivery.kind !== 'event') continue;
      this.ownership.see(decodeEvent(delivery.event));
      this.#position = delivery.event.position;
      this.#moved.resolve();
      this.#moved = Promise.withResolvers();
    }
  }

  async #caughtUp(): Promise<void> {
    const head = await this.#ledger.head();
    while (head !== null && (this.#position === null || this.#ledger.compare(this.#position, head) < 0))
      await this.#moved.promise;
  }
}

/** A ledger that one process cannot write to for a while. */
class CutOff implements Ledger {
  isAway = false;
  readonly readStream: Ledger['readStream'];
  readonly readAll: Ledger['readAll'];
  readonly subscribe: Ledger['subscribe'];
  readonly head: Ledger['head'];
  readonly compare: Ledger['compare'];
  readonly close: Ledger['close'];
  readonly #whole: Ledger;

  constructor(whole: Ledger) {
    this.#whole = whole;
    this.readStream = whole.readStream.bind(whole);
    this.readAll = whole.readAll.bind(whole);
    this.subscribe = whole.subscribe.bind(whole);
    this.head = whole.head.bind(whole);
    this.compare = whole.compare.bind(whole);
    this.close = whole.close.bind(whole);
  }

  append: Ledger['append'] = async (...append) => {
    if (this.isAway) throw new LedgerError({ kind: 'unavailable', reason: 'it is away', written: 'no' });
    return this.#whole.append(...append);
  };
}

async function request(ledger: Ledger, seed = 4): Promise<string> {
  const job = id(seed);
  const command = { kind: 'request training', request: { ...samples.TrainingRequested, job } } as const;
  await handle({ ledger, clock }, streamName(scope, 'job', job), jobDecider, command, {
    ...cause,
    commandId: job,
  });
  return job;
}

async function events(ledger: Ledger): Promise<readonly Recorded[]> {
  const all: Recorded[] = [];
  for await (const stored of ledger.readAll()) all.push(decodeEvent(stored));
  return all;
}

async function takers(ledger: Ledger): Promise<readonly string[]> {
  return (await events(ledger)).flatMap((event) =>
    event.type === 'TrainingTaken' ? `${event.data.process} from ${event.data.from}` : [],
  );
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  await expect.poll(holds, { timeout: 10_000, interval: 2 }).toBe(true);
}

describe('a job in a fleet', () => {
  it('is driven by one of those that want it', async () => {
    const ledger = new MemoryLedger();
    const job = await request(ledger);
    const all = ['a', 'b', 'c'].map((name) => new Process(ledger, name));
    await Promise.race(all.map((process) => process.take(job)));
    await until(async () => (await takers(ledger)).length === 1);
    for (const process of all) process.later(timing.lapseMs / 2);
    expect(await takers(ledger)).toHaveLength(1);
  });

  it('is kept as long as its process is seen, however long it takes', async () => {
    const ledger = new MemoryLedger();
    const job = await request(ledger);
    const owner = new Process(ledger, 'owner');
    await owner.take(job);
    const other = new Process(ledger, 'other');
    void other.take(job);
    for (let round = 0; round < 4; round++) {
      const before = ledger.size;
      owner.later(timing.letGoMs - 1);
      await until(() => ledger.size > before);
      other.later(timing.lapseMs - 1);
    }
    expect(await takers(ledger)).toEqual(['owner from null']);
    expect(owner.lost).toEqual([]);
  });

  it('goes to another process when its own is seen no longer', async () => {
    const ledger = new MemoryLedger();
    const job = await request(ledger);
    const owner = new Process(ledger, 'owner');
    await owner.take(job);
    await owner.die();
    const other = new Process(ledger, 'other');
    const taken = other.take(job);
    await until(async () => {
      other.later(timing.lapseMs / 4);
      return (await takers(ledger)).length === 2;
    });
    await taken;
    expect(await takers(ledger)).toEqual(['owner from null', 'other from owner']);
  });

  it('is let go by a process that cannot reach the ledger, before others may take it', async () => {
    const ledger = new MemoryLedger();
    const cut = new CutOff(ledger);
    const job = await request(ledger);
    const owner = new Process(cut, 'owner');
    await owner.take(job);
    cut.isAway = true;
    owner.later(timing.letGoMs + 1);
    await until(() => owner.lost.length === 1);

    const again = owner.take(job);
    cut.isAway = false;
    await again;
    expect(await takers(ledger)).toEqual(['owner from null']);
  });

  it('is lost to whoever took it meanwhile', async () => {
    const ledger = new MemoryLedger();
    const job = await request(ledger);
    const owner = new Process(ledger, 'owner');
    await owner.take(job);
    const command = { kind: 'take', job, process: 'other', from: 'owner' } as const;
    const stream = streamName(scope, 'job', job);
    await handle({ ledger, clock }, stream, jobDecider, command, { ...cause, commandId: 'other' });
    await until(() => owner.lost.length === 1);
  });

  it('is gone on with at once by the same process after a restart', async () => {
    const ledger = new MemoryLedger();
    const job = await request(ledger);
    const owner = new Process(ledger, 'owner');
    await owner.take(job);
    await owner.die();
    // Nothing is waited for, as one that polls would.
    for (const isAlone of [false, true]) {
      await new Process(ledger, 'owner', { isAlone, beatMs: 60_000 }).take(job);
    }
    expect(await takers(ledger)).toEqual(['owner from null']);
  });

  it('is taken at once by a process that has the ledger for itself, and no signs are given', async () => {
    const ledger = new MemoryLedger();
    const job = await request(ledger);
    await new Process(ledger, 'owner', { isAlone: true }).take(job);
    const heir = new Process(ledger, 'heir', { isAlone: true });
    await heir.take(job);
    heir.later(timing.letGoMs * 10);
    expect(await takers(ledger)).toEqual(['owner from null', 'heir from owner']);
    expect((await events(ledger)).map(({ type }) => type)).not.toContain('ProcessSeen');
  });
});
