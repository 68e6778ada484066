import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../../src/adapters/ledger/sqlite.ts';
import { answerDecider } from '../../src/domain/answer.ts';
import type { EventData } from '../../src/domain/events.ts';
import { FoldedStreams } from '../../src/domain/folded-streams.ts';
import { type GuildCommand, guildDecider } from '../../src/domain/guild.ts';
import { deriveId } from '../../src/domain/identifiers.ts';
import { type Cause, handle, type Ledger, LedgerError } from '../../src/domain/ledger.ts';
import { modelDecider } from '../../src/domain/model.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { guildStream } from '../../src/domain/streams.ts';
import { MemoryLedger } from '../stand-ins/memory-ledger.ts';
import { newStream, outcomeOf, readStream } from './appending.ts';

const clock = { now: () => new Date('2026-03-01T12:00:00Z') };

describe('handling a command', () => {
  let directory: string;
  let ledger: Ledger;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ledger-'));
    ledger = await openSqliteLedger({ file: join(directory, 'ledger.sqlite') });
  });

  afterAll(async () => {
    await ledger.close();
    await rm(directory, { recursive: true, force: true });
  });

  function giveCorrection(stream: string, cause: Cause, through: Ledger = ledger) {
    const correction = correctionBy(cause);
    return handle(
      { ledger: through, clock },
      stream,
      answerDecider,
      { kind: 'give correction', correction },
      cause,
    );
  }

  async function answered(): Promise<string> {
    const stream = newStream();
    await handle(
      { ledger, clock },
      stream,
      answerDecider,
      { kind: 'record prediction', prediction },
      causeOf('ask'),
    );
    return stream;
  }

  it('appends what was decided, with who asked for it, where and when', async () => {
    const stream = newStream();
    const cause = { ...causeOf('c1'), causationId: 'e0', correlationId: 'c0' };

    const { events, position } = await handle(
      { ledger, clock },
      stream,
      answerDecider,
      { kind: 'record prediction', prediction },
      cause,
    );

    expect(events).toEqual([{ type: 'PredictionMade', data: prediction }]);
    expect(await readStream(ledger, stream)).toEqual([
      {
        id: deriveId('c1', stream, 0),
        stream,
        revision: 0,
        position,
        type: 'PredictionMade',
        data: prediction,
        metadata: { ...cause, time: '2026-03-01T12:00:00.000Z', schemaVersion: 2 },
      },
    ]);
  });

  it('names the command as the cause where nothing else led to it', async () => {
    const stream = await answered();

    expect((await readStream(ledger, stream))[0]?.metadata).toMatchObject({
      commandId: 'ask',
      causationId: 'ask',
      correlationId: 'ask',
    });
  });

  it('has the effect of once where the same command comes twice, and answers the same', async () => {
    const stream = await answered();
    const cause = causeOf('twice');

    const first = await giveCorrection(stream, cause);
    await giveCorrection(stream, causeOf('another'));
    const second = await giveCorrection(stream, cause);

    expect(second.position).toBe(first.position);
    expect(second.events).toMatchObject(first.events);
    expect(await readStream(ledger, stream)).toHaveLength(3);
  });

  it('has the effect of once where the same command comes several times at once', async () => {
    const stream = await answered();
    const cause = causeOf('at once');

    const handled = await Promise.all(Array.from({ length: 10 }, () => giveCorrection(stream, cause)));

    expect(new Set(handled.map(({ position }) => position)).size).toBe(1);
    expect(await readStream(ledger, stream)).toHaveLength(2);
  });

  it('takes a repeated command for repeated even where it would be refused by now', async () => {
    const stream = newStream();
    const command = {
      kind: 'promote',
      model: { model: 'm1', dataset: null },
      base: { model: 'base', dataset: null },
      reason: null,
      evaluation: null,
      betterThan: null,
    } as const;
    const first = await handle({ ledger, clock }, stream, modelDecider, command, causeOf('promote'));

    const again = await handle({ ledger, clock }, stream, modelDecider, command, causeOf('promote'));

    expect(again.position).toBe(first.position);
    await expect(
      handle({ ledger, clock }, stream, modelDecider, command, causeOf('promote again')),
    ).rejects.toThrow(Refusal);
  });

  it('decides again on the fresh state after a conflict', async () => {
    const stream = await answered();

    await Promise.all(
      Array.from({ length: 12 }, (_, index) => giveCorrection(stream, causeOf(`crowd ${index}`))),
    );

    const commands = (await readStream(ledger, stream)).map(({ metadata }) => metadata);
    expect(commands).toHaveLength(13);
    for (let index = 0; index < 12; index++) {
      expect(commands).toContainEqual(expect.objectContaining({ commandId: `crowd ${index}` }));
    }
  });

  it('refuses on the fresh state where the conflict took away what the command needs', async () => {
    const stream = await answered();
    await giveCorrection(stream, causeOf('given'));
    const withdraw = (id: string, through: Ledger) =>
      handle(
        { ledger: through, clock },
        stream,
        answerDecider,
        { kind: 'withdraw correction', answer: 'a1', member: 'anna' },
        causeOf(id),
      );
    const overtaken = beforeFirstAppend(ledger, () => withdraw('first', ledger));

    await expect(withdraw('second', overtaken)).rejects.toThrow('no correction of yours to withdraw');
    expect(await readStream(ledger, stream)).toHaveLength(3);
  });

  it('gives up where the stream never stands still', async () => {
    const stream = await answered();
    const conflict = new LedgerError({ kind: 'conflict', stream, actual: 7 });
    const restless = withAppend(ledger, () => Promise.reject(conflict));

    await expect(giveCorrection(stream, causeOf('never'), restless)).rejects.toBe(conflict);
  });

  it('does not try again where the ledger fails otherwise', async () => {
    const stream = await answered();
    let attempts = 0;
    const broken = withAppend(ledger, () => {
      attempts++;
      return Promise.reject(
        new LedgerError({ kind: 'unavailable', reason: 'the disk is full', written: 'no' }),
      );
    });

    expect(
      await outcomeOf(giveCorrection(stream, causeOf('broken'), broken).then(() => never())),
    ).toMatchObject({
      kind: 'unavailable',
    });
    expect(attempts).toBe(1);
  });

  it('passes on a refusal and writes nothing', async () => {
    const stream = newStream();

    await expect(giveCorrection(stream, causeOf('too early'))).rejects.toThrow(
      'There is no such answer; !history lists the latest ones.',
    );
    expect(await readStream(ledger, stream)).toEqual([]);
  });

  it('writes nothing where nothing changes', async () => {
    const stream = await answered();

    const handled = await handle(
      { ledger, clock },
      stream,
      answerDecider,
      { kind: 'record prediction', prediction },
      causeOf('ask again'),
    );

    expect(handled).toEqual({ events: [], position: null });
    expect(await readStream(ledger, stream)).toHaveLength(1);
  });

  it('does not decide over events that do not belong in the stream', async () => {
    const stream = newStream();
    await handle(
      { ledger, clock },
      stream,
      answerDecider,
      { kind: 'record prediction', prediction },
      causeOf('x'),
    );

    await expect(
      handle({ ledger, clock }, stream, modelDecider, { kind: 'roll back', reason: null }, causeOf('y')),
    ).rejects.toThrow('PredictionMade does not belong');
  });
});

describe('commands on a stream that grows long', () => {
  const policy = (reference: string) => ({ kind: 'permit messages', reference }) as const;
  const shown = {
    kind: 'note',
    happened: [{ type: 'InstructionShown', data: { source: 'built-in' } }],
  } as const;

  function remembering() {
    const store = new MemoryLedger();
    const streams = new FoldedStreams();
    const stream = guildStream(deriveId('a scope of its own'));
    const read: { from: number; events: number }[] = [];
    const ledger: Ledger = withMethods(store, {
      readStream: async function* (name, options) {
        const entry = { from: options?.from ?? 0, events: 0 };
        read.push(entry);
        for await (const event of store.readStream(name, options)) {
          entry.events++;
          yield event;
        }
      },
    });
    const run = (command: GuildCommand, id: string, over: Ledger = ledger) =>
      handle({ ledger: over, clock, streams }, stream, guildDecider, command, causeOf(id));
    /** What another process does. */
    const elsewhere = (command: GuildCommand, id: string) =>
      handle({ ledger: store, clock }, stream, guildDecider, command, causeOf(id));
    return { store, stream, read, run, elsewhere, ledger };
  }

  it('read only what has come since, and nothing where nothing has', async () => {
    const { read, run, elsewhere } = remembering();
    for (let n = 0; n < 10; n++) await run(shown, `shown ${n}`);
    expect(read).toEqual([{ from: 0, events: 0 }]);

    await elsewhere(shown, 'elsewhere');
    await run(shown, 'here again');
    expect(read.slice(1)).toEqual([{ from: 10, events: 1 }]);
  });

  it('decide on what others did meanwhile', async () => {
    const { run, elsewhere } = remembering();
    await run(policy('a letter'), 'first');
    await elsewhere(policy('a ticket'), 'second');

    expect((await run(policy('a ticket'), 'third')).events).toEqual([]);
    expect((await run(policy('a letter'), 'fourth')).events).toMatchObject([{ type: 'PolicyRecorded' }]);
  });

  it.each<[string, GuildCommand, GuildCommand]>([
    ['that would be done again', shown, shown],
    ['that would change nothing by now', policy('a letter'), policy('a letter')],
  ])(
    'have the effect of once where one comes again %s, however much has come since',
    async (_, once, again) => {
      const { store, run, elsewhere } = remembering();
      const first = await run(once, 'twice');
      await run(shown, 'another');
      await elsewhere(shown, 'elsewhere');
      const size = store.size;

      const second = await run(again, 'twice');
      expect([second.position, second.events]).toMatchObject([first.position, first.events]);
      expect(store.size).toBe(size);
    },
  );

  it('are recognised where the first answer to one got lost', async () => {
    const { store, run, ledger } = remembering();
    await run(shown, 'before');
    const deaf = withAppend(ledger, async (...append) => {
      await store.append(...append);
      throw new LedgerError({ kind: 'unavailable', reason: 'the answer got lost', written: 'unknown' });
    });
    await expect(run(shown, 'lost', deaf)).rejects.toThrow('the answer got lost');

    expect((await run(shown, 'lost')).events).toMatchObject(shown.happened);
    expect(store.size).toBe(2);
  });

  it('all go through, however many come at once', async () => {
    const { store, run } = remembering();
    const ids = Array.from({ length: 300 }, (_, index) => `at once ${index}`);
    const handled = await Promise.all([...ids, ...ids].map((id) => run(shown, id)));

    expect(new Set(handled.map(({ position }) => position)).size).toBe(300);
    expect(store.size).toBe(300);
  });

  it('do not wait for one that failed', async () => {
    const { run, ledger } = remembering();
    const full = withAppend(ledger, () =>
      Promise.reject(new LedgerError({ kind: 'unavailable', reason: 'the disk is full', written: 'no' })),
    );
    const outcomes = await Promise.allSettled([run(shown, 'x', full), run(shown, 'y')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

const prediction: EventData<'PredictionMade'> = {
  answer: 'a1',
  conversation: 'talk',
  evaluation: null,
  messages: [{ role: 'user', content: 'When does the shop open?', answer: null, correction: null }],
  model: 'base',
  response: 'I have not learned that.',
  abstained: true,
  dataset: null,
  learnedFrom: null,
  tokens: null,
  cost: null,
  notes: [],
  latencyMs: 1,
  seen: null,
};

function correctionBy({ commandId, actor }: Cause): EventData<'CorrectionGiven'> {
  return {
    answer: 'a1',
    correction: commandId,
    member: actor,
    text: 'At seven.',
    question: null,
    review: 'not_required',
  };
}

function causeOf(commandId: string): Cause {
  return { commandId, actor: 'anna', scope: 'local', channel: 'console', origin: 'console' };
}

/** The ledger, but for its append. */
function withAppend(ledger: Ledger, append: Ledger['append']): Ledger {
  return withMethods(ledger, { append });
}

function withMethods(ledger: Ledger, methods: Partial<Ledger>): Ledger {
  return new Proxy(ledger, {
    get(target, property) {
      const own: unknown = Reflect.get(methods, property);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The ledger, where something else happens between the first decision and its append. */
function beforeFirstAppend(ledger: Ledger, happens: () => Promise<unknown>): Ledger {
  let hasHappened = false;
  return withAppend(ledger, async (...append) => {
    if (!hasHappened) await happens();
    hasHappened = true;
    return ledger.append(...append);
  });
}

function never(): never {
  throw new Error('it should have failed');
}
