import { describe, expect, test } from 'vitest';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { doors, endOf, JOB, orderOn, stopAt, type Training, trainingOn, updatesOf } from './training.ts';

const CREATE = 'POST /fine_tuning/jobs';
const LIST = 'GET /fine_tuning/jobs';

async function begin(options: Parameters<typeof trainingOn>[1] = {}) {
  const openai = await startStandIn();
  const training = await trainingOn(openai, options);
  return { openai, training, order: await orderOn(training.vault, doors(10)) };
}

/** A job that an earlier life asked for, of which the ledger knows no more than the file. */
async function leftBehind(openai: StandInOpenAI, training: Training) {
  const order = await orderOn(training.vault, doors(10));
  const [uploaded] = await stopAt(training, order, 'started', 'leaving');
  if (uploaded?.kind !== 'uploaded') throw new Error('nothing was uploaded');
  expect(openai.jobs.paid).toHaveLength(1);
  return { ...order, known: { file: uploaded.file, reference: null } };
}

describe('a job that costs money', () => {
  test.each<readonly [string, (openai: StandInOpenAI) => void]>([
    ['a 500 before it was made', ({ faults }) => faults.fail(CREATE)],
    ['a 500 after it was made', ({ faults }) => faults.fail(CREATE, { after: true })],
    ['a closed connection before', ({ faults }) => faults.hangUp(CREATE)],
    ['a closed connection after', ({ faults }) => faults.hangUp(CREATE, { after: true })],
    ['an answer that is no JSON', ({ faults }) => faults.garble(CREATE)],
    ['half an answer', ({ faults }) => faults.halve(CREATE)],
    [
      'an answer without an id',
      ({ faults }) => faults.change<object>(CREATE, (job) => ({ ...job, id: undefined })),
    ],
    ['an empty answer', ({ faults }) => faults.change(CREATE, () => null)],
    ['a limit on requests', ({ faults }) => faults.rateLimit(CREATE, { retryAfter: 5 })],
    ['a limit without a time', ({ faults }) => faults.rateLimit(CREATE)],
    [
      'trouble upon trouble',
      ({ faults }) => {
        faults.fail(CREATE, { times: 2 });
        faults.fail(CREATE, { status: 503, after: true });
        faults.fail(LIST, { times: 3 });
      },
    ],
  ])('is made once after %s', async (_, misbehave) => {
    const { openai, training, order } = await begin({ endpoint: { retries: 2, timeoutMs: 2_000 } });
    // The first look is before anything was asked for, and is to go well.
    const uploading = openai.faults.hold('POST /files');
    const end = endOf(training, order);
    await uploading.reached;
    misbehave(openai);
    uploading.release();
    expect(await end).toMatch(/^ft:/);
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('is made once where the answer takes too long', async () => {
    const { openai, training, order } = await begin({ endpoint: { timeoutMs: 200 } });
    const held = openai.faults.hold(CREATE, { after: true });
    expect(await endOf(training, order)).toMatch(/^ft:/);
    held.release();
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('that an earlier life asked for is found again by its metadata', async () => {
    const { openai, training } = await begin();
    const order = await leftBehind(openai, training);
    const updates = await updatesOf(training, order);
    expect(updates.map(({ kind }) => kind)).not.toContain('uploaded');
    expect(updates[0]).toEqual({ kind: 'started', reference: openai.jobs.only.id });
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('is found by its file where the server keeps no metadata', async () => {
    const { openai, training } = await begin();
    openai.jobs.keepsMetadata = false;
    for (let n = 0; n < 3; n++) openai.files.find(`file-0000000${n}`);
    const order = await leftBehind(openai, training);
    expect(await endOf(training, order)).toMatch(/^ft:/);
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('is found also where nothing is known of it here', async () => {
    const { openai, training } = await begin();
    const order = await leftBehind(openai, training);
    expect(await endOf(training, { ...order, known: { file: null, reference: null } })).toMatch(/^ft:/);
    expect(openai.jobs.paid).toHaveLength(1);
    expect(openai.requests('POST /files')).toHaveLength(1);
  });

  test('may appear in the list a little late', async () => {
    const { openai, training } = await begin();
    const order = await leftBehind(openai, training);
    const empty = () => ({ object: 'list', data: [], has_more: false });
    openai.faults.change(LIST, empty, { times: 3 });
    expect(await endOf(training, order)).toMatch(/^ft:/);
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('is not asked for where it cannot be found out whether there is one', async () => {
    const misbehaviours: readonly ((openai: StandInOpenAI) => void)[] = [
      ({ faults }) => faults.fail(LIST, { status: 404, times: 1_000 }),
      ({ faults }) => faults.fail(LIST, { status: 401, times: 1_000 }),
      ({ faults }) => faults.fail(LIST, { times: 1_000 }),
      ({ faults }) => faults.garble(LIST, { times: 1_000 }),
      ({ faults }) => faults.change(LIST, () => null, { times: 1_000 }),
      // A list that does not end: the same page again and again, and ever new ones.
      ({ faults }) =>
        faults.change(LIST, () => ({ data: [{ id: 'ftjob-1' }], has_more: true }), { times: 1_000 }),
      ({ faults }) => {
        let n = 0;
        faults.change(LIST, () => ({ data: [{ id: `ftjob-${n++}` }], has_more: true }), { times: 1_000 });
      },
    ];
    const { openai, training } = await begin();
    const order = await leftBehind(openai, training);
    for (const misbehave of misbehaviours) {
      misbehave(openai);
      expect(await endOf(training, order)).toMatch(
        new RegExp(
          `could not be found out; look there for a job with training_ledger_job=${JOB} in its metadata`,
        ),
      );
      openai.faults.clear();
    }
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('needs no list where there is no doubt', async () => {
    const { openai, training, order } = await begin();
    openai.faults.fail(LIST, { status: 404, times: 100 });
    expect(await endOf(training, order)).toMatch(/^ft:/);
  });

  test('is given up where the server goes on failing before it makes one', async () => {
    const { openai, training, order } = await begin();
    openai.faults.fail(CREATE, { times: 100 });
    expect(await endOf(training, order)).toContain('has a fault of its own (500)');
    expect(openai.jobs.paid).toHaveLength(0);
  });

  test('is not asked for again where the server refuses it', async () => {
    const { openai, training, order } = await begin({ baseModel: 'gpt-9' });
    expect(await endOf(training, order)).toMatch(/refused the request \(400: .*gpt-9 is not available/);
    expect(openai.requests(CREATE)).toHaveLength(1);
  });

  test('gets its file again where that vanished', async () => {
    const { openai, training, order } = await begin();
    await stopAt(training, order, 'uploaded', 'leaving');
    openai.files.vanish('file-00000001');
    const updates = await updatesOf(training, {
      ...order,
      known: { file: 'file-00000001', reference: null },
    });
    expect(updates.slice(0, 3)).toEqual([
      { kind: 'uploaded', file: 'file-00000001' },
      { kind: 'uploaded', file: 'file-00000002' },
      { kind: 'started', reference: 'ftjob-00000001' },
    ]);
    expect(openai.jobs.paid).toHaveLength(1);
  });

  test('is given up where its file vanishes again and again', async () => {
    const { openai, training, order } = await begin();
    openai.faults.fail(CREATE, {
      status: 400,
      times: 100,
      body: { error: { message: 'no such file', type: 'x', param: 'training_file', code: null } },
    });
    openai.faults.fail('GET /files/:id', { status: 404, times: 100 });
    expect(await endOf(training, order)).toContain('vanished from the server');
    expect(openai.jobs.paid).toHaveLength(0);
  });

  test('is told from other jobs on the server, of which there may be many', async () => {
    const { openai, training } = await begin();
    openai.jobs.keepsMetadata = false;
    const order = await leftBehind(openai, training);
    for (let n = 0; n < 110; n++) {
      const another = await orderOn(training.vault, doors(10), { job: `another-${n}` });
      await stopAt(training, another, 'started', 'leaving');
    }
    expect((await updatesOf(training, order))[0]).toEqual({ kind: 'started', reference: 'ftjob-00000001' });
    expect(openai.jobs.paid).toHaveLength(111);
  });
});
