import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmbeddedTrainer } from '../../../../src/adapters/models/embedded/trainer.ts';
import { datasetLine } from '../../../../src/domain/examples.ts';
import type { Vault } from '../../../../src/domain/ports.ts';
import { dpo, kto, orderFor, orderOf, sft, temporaryVault, train } from './teaching.ts';

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => sft(`What is the code of door ${index}?`, `It is ${index}.`));

async function contentOf(vault: Vault, sha256: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of vault.read(sha256)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe('the embedded trainer', () => {
  it('is named, and says which model answers before any was trained', async () => {
    const { vault } = await temporaryVault();
    expect(createEmbeddedTrainer({ vault })).toMatchObject({
      name: 'embedded',
      baseModel: 'embedded-base',
      formats: ['sft', 'dpo', 'kto'],
    });
  });

  it.each([
    ['sft', sft('a', 'b')],
    ['dpo', dpo('a', 'b', 'c')],
    ['kto', kto('a', 'b', true)],
  ])('learns from %s and puts the model into the vault, named by its content', async (format, example) => {
    const { vault } = await temporaryVault();
    const updates = await train(vault, await orderFor(vault, [example]));
    expect(updates.map(({ kind }) => kind)).toEqual(['started', 'progressed', 'succeeded']);
    const end = updates.at(-1);
    if (end?.kind !== 'succeeded' || end.artifact === null) expect.unreachable();
    const content = await contentOf(vault, end.artifact.sha256);
    expect(end).toEqual({
      kind: 'succeeded',
      model: `embedded-${end.artifact.sha256}`,
      artifact: { sha256: end.artifact.sha256, bytes: Buffer.byteLength(content) },
      loss: 0,
    });
    expect(content).toContain('"completion":"b"');
    expect(content.includes('"rejected":["c"]')).toBe(format === 'dpo');
  });

  it('reports about twenty steps of a large dataset, and a loss that falls from 1', async () => {
    const { vault } = await temporaryVault();
    const updates = await train(vault, await orderFor(vault, many(1_000)));
    const progress = updates.filter((update) => update.kind === 'progressed');
    expect(progress).toHaveLength(20);
    expect(progress[0]).toEqual({ kind: 'progressed', step: 50, total: 1_000, loss: 0.95 });
    expect(progress.at(-1)).toEqual({ kind: 'progressed', step: 1_000, total: 1_000, loss: 0 });
  });

  it('ends with a loss above 0 where the dataset contradicts itself', async () => {
    const { vault } = await temporaryVault();
    const contradicting = [sft('a', 'one'), sft('a', 'two'), sft('b', 'three'), sft('c', 'four')];
    expect((await train(vault, await orderFor(vault, contradicting))).at(-1)).toMatchObject({ loss: 0.25 });
    const preferences = [dpo('a', 'one', 'two'), dpo('a', 'two', 'one')];
    expect((await train(vault, await orderFor(vault, preferences))).at(-1)).toMatchObject({ loss: 0.5 });
  });

  it('makes the same model of the same dataset in any process, time zone and locale', async () => {
    const { vault, directory } = await temporaryVault();
    const examples = [...many(50), sft('İstanbul’da hava nasıl?', 'Güneşli'), sft('Straße', 'ß')];
    const order = await orderFor(vault, examples);
    const [first, second] = [await train(vault, order), await train(vault, order)];
    expect(second).toEqual(first);

    const script = join(directory, 'train.mjs');
    await writeFile(script, trainingScript(directory, order));
    const elsewhere = await Promise.all(
      [
        { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
        { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C' },
      ].map((env) => promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...env } })),
    );
    for (const { stdout } of elsewhere) expect(JSON.parse(stdout)).toEqual(first.at(-1));
  });

  it('learns thousands of examples in a thread of its own, which ends with the training', async () => {
    const { vault } = await temporaryVault();
    const order = await orderFor(vault, many(5_000));
    const started = startedThreads();
    expect((await train(vault, order)).at(-1)?.kind).toBe('succeeded');
    expect(started).toHaveLength(1);
    expect(started.every(hasEnded)).toBe(true);
  });

  it('stops when it is told to, and leaves nothing running or half written', async () => {
    const { vault } = await temporaryVault();
    const order = await orderFor(vault, many(20_000));
    const cancellation = new AbortController();
    const kinds: string[] = [];
    let released = false;
    const watched: Vault = {
      put: () => expect.unreachable('nothing is written'),
      has: (sha256) => vault.has(sha256),
      scratch: () => vault.scratch(),
      async *read(sha256) {
        try {
          yield* vault.read(sha256);
        } finally {
          released = true;
        }
      },
    };
    const started = startedThreads();
    for await (const { kind } of createEmbeddedTrainer({ vault: watched }).train(
      order,
      cancellation.signal,
    )) {
      kinds.push(kind);
      if (kind === 'progressed') cancellation.abort();
    }
    expect(kinds).toEqual(['started', 'progressed']);
    expect({ released, ended: started.map(hasEnded) }).toEqual({ released: true, ended: [true] });
  });

  it('stops while the model is being written, too', async () => {
    const { vault } = await temporaryVault();
    const order = await orderFor(vault, many(5_000));
    const cancellation = new AbortController();
    const cancelling: Vault = {
      read: (sha256) => vault.read(sha256),
      has: (sha256) => vault.has(sha256),
      scratch: () => vault.scratch(),
      async put(content) {
        for await (const _ of content) cancellation.abort();
        return expect.unreachable('the model is not whole');
      },
    };
    const updates = await train(cancelling, order, cancellation.signal);
    expect(updates.at(-1)?.kind).toBe('progressed');
  });

  it('does nothing where it was stopped before it began', async () => {
    const { vault } = await temporaryVault();
    const order = await orderFor(vault, [sft('a', 'b')]);
    expect(await train(vault, order, AbortSignal.abort())).toEqual([]);
  });

  it('ends its thread when nobody listens any more', async () => {
    const { vault } = await temporaryVault();
    const order = await orderFor(vault, many(5_000));
    const started = startedThreads();
    for await (const { kind } of createEmbeddedTrainer({ vault }).train(
      order,
      new AbortController().signal,
    )) {
      if (kind === 'progressed') break;
    }
    expect(started.map(hasEnded)).toEqual([true]);
  });

  it.each([
    ['is missing', 'ab'.repeat(32), /^The stored content abab.* is missing/],
    ['has no name', 'nothing', /^The stored content nothing is missing/],
  ])('says so where the dataset %s', async (_, sha256, reason) => {
    const { vault } = await temporaryVault();
    expect((await train(vault, orderOf({ sha256, bytes: 1 }, 'sft', 1))).at(-1)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(reason),
    });
  });

  it('says so where the dataset was changed on the disk', async () => {
    const { vault, directory } = await temporaryVault();
    const order = await orderFor(vault, many(10));
    const { sha256 } = order.dataset;
    await writeFile(join(directory, sha256.slice(0, 2), sha256.slice(2)), datasetLine(sft('a', 'b')));
    expect((await train(vault, order)).at(-1)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining('is damaged'),
    });
  });

  it.each([
    ['another format', [kto('a', 'b', true)], 'sft', /its line 1 is not an example in the format sft/],
    ['no examples', [], 'sft', /holds no examples/],
  ] as const)('says so where the dataset has %s', async (_, examples, format, reason) => {
    const { vault } = await temporaryVault();
    expect((await train(vault, await orderFor(vault, examples, format))).at(-1)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    ['is not JSON', 'nonsense\n'],
    ['is cut short', `${datasetLine(sft('a', 'b'))}{"messages":[{"ro`],
    ['is not UTF-8', Uint8Array.of(0xff, 0xfe, 0x0a)],
  ])('says so where a line of the dataset %s', async (_, content) => {
    const { vault } = await temporaryVault();
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const end = (await train(vault, orderOf(await vault.put([bytes]), 'sft', 1))).at(-1);
    expect(end).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(
        /^The dataset [0-9a-f]{8} cannot be learned from because it.*; train on another one\.$/,
      ),
    });
  });

  it('says so where the dataset is too large to be learned', async () => {
    const { vault } = await temporaryVault();
    const updates = await train(vault, orderOf({ sha256: 'ab'.repeat(32), bytes: 2 ** 30 }, 'sft', 1));
    expect(updates.at(-1)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining('larger than the 256 MiB'),
    });
  });

  it('says so where the model cannot be written', async () => {
    const { vault } = await temporaryVault();
    const order = await orderFor(vault, many(10));
    const full: Vault = {
      read: (sha256) => vault.read(sha256),
      has: (sha256) => vault.has(sha256),
      scratch: () => vault.scratch(),
      put: () => Promise.reject(new Error('ENOSPC: no space left on device')),
    };
    expect((await train(full, order)).at(-1)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(
        /^The training on the dataset [0-9a-f]{8} failed \(ENOSPC.*\); start it again\.$/,
      ),
    });
  });
});

/** The threads that this process starts from now on, until the test has finished. */
function startedThreads(): Worker[] {
  const started: Worker[] = [];
  const take = (worker: Worker) => started.push(worker);
  process.on('worker', take);
  onTestFinished(() => {
    process.off('worker', take);
  });
  return started;
}

function hasEnded({ threadId }: Worker): boolean {
  return threadId === -1;
}

/** Trains in a process of its own and prints how that ended. */
function trainingScript(directory: string, order: unknown): string {
  const source = (path: string) => JSON.stringify(new URL(`../../../../src/${path}`, import.meta.url).href);
  return `
    import { openVault } from ${source('adapters/files/vault.ts')};
    import { createEmbeddedTrainer } from ${source('adapters/models/embedded/trainer.ts')};
    const trainer = createEmbeddedTrainer({ vault: openVault(${JSON.stringify(directory)}) });
    let end;
    for await (end of trainer.train(${JSON.stringify(order)}, new AbortController().signal));
    console.log(JSON.stringify(end));
  `;
}
