import { describe, expect, test } from 'vitest';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { startStandIn } from '../../../stand-ins/openai/started.ts';
import { doors, endOf, HOUR, orderOn, stopAt, trainingOn, updatesOf } from './training.ts';

const JOB = 'GET /fine_tuning/jobs/:id';
const EVENTS = 'GET /fine_tuning/jobs/:id/events';
const CHECKPOINTS = 'GET /fine_tuning/jobs/:id/checkpoints';
const OFTEN = { times: 1_000_000 };

/** A job that runs on the server, and what follows it. */
async function running(examples = 10, options: Parameters<typeof trainingOn>[1] = {}) {
  const openai = await startStandIn();
  const training = await trainingOn(openai, options);
  const asked = await orderOn(training.vault, doors(examples));
  await stopAt(training, asked, 'started', 'leaving');
  const order = { ...asked, known: { file: 'file-00000001', reference: openai.jobs.only.id } };
  return { openai, training, order };
}

describe('a job that is followed', () => {
  test('ends with the reason that the server gives for its failure', async () => {
    const { openai, training, order } = await running();
    openai.jobs.fail(openai.jobs.only, {
      code: 'x',
      message: `The file is\n\n bad, and so is ${openai.key}.`,
    });
    expect(await endOf(training, order)).toMatch(
      /^The job ftjob-00000001 failed on the server at .* \(The file is bad, and so is \[key\]\.\); correct that/,
    );
    openai.jobs.only.object.error = null;
    expect(await endOf(training, order)).toContain('(it does not say why)');
  });

  test('ends where it was cancelled on the server, or is not there any more', async () => {
    const { openai, training, order } = await running();
    openai.jobs.only.object.status = 'cancelled';
    expect(await endOf(training, order)).toContain('was cancelled on the server');
    openai.jobs.delete(openai.jobs.only);
    expect(await endOf(training, order)).toMatch(
      /^The server at .* does not know the job ftjob-00000001 any more/,
    );
  });

  test('is not given up for a fault that passes', async () => {
    const { openai, training, order } = await running();
    openai.faults.fail(JOB, { times: 20 });
    openai.faults.fail(JOB, { status: 404 });
    openai.faults.hangUp(JOB, { times: 3 });
    openai.faults.garble(JOB);
    openai.faults.halve(JOB);
    openai.faults.change<object>(JOB, () => null);
    openai.faults.rateLimit(JOB);
    openai.faults.fail(JOB, { status: 401, times: 3 });
    openai.faults.fail(EVENTS, { times: 3 });
    openai.faults.change(EVENTS, () => ({ data: 'none' }));
    expect(await endOf(training, order)).toMatch(/^ft:/);
    expect(training.warnings).toEqual([expect.stringContaining('a training job cannot be looked at')]);
  });

  test('is given up in the end where the server stays away, and people are told that it may cost', async () => {
    const { openai, training, order } = await running(10, { patienceMs: 6 * HOUR });
    openai.faults.fail(JOB, OFTEN);
    expect(await endOf(training, order)).toMatch(
      /could not be followed for 6 hours, and it may go on and cost, so cancel it.*fault of its own \(500\)/,
    );
    expect(training.time.now()).toBeGreaterThan(6 * HOUR);
  });

  test('is given up sooner where the key is not accepted any more', async () => {
    const { openai, training, order } = await running();
    openai.faults.fail(JOB, { ...OFTEN, status: 401 });
    expect(await endOf(training, order)).toMatch(/could not be followed for 1 hour.*does not accept the key/);
    expect(training.time.now()).toBeLessThan(HOUR);
  });

  test.each(['validating_files', 'running', 'preprocessing', 'ein neues Wort'])(
    'is given up, and ended, where it stays %s without a sign of life',
    async (status) => {
      const { openai, training, order } = await running(10, { patienceMs: 2 * HOUR });
      openai.jobs.byHand = true;
      openai.faults.change<object>(JOB, (job) => ({ ...job, status }), OFTEN);
      expect(await endOf(training, order)).toMatch(
        new RegExp(
          `no sign of life for 2 hours and is still “${status}”; it was cancelled there and train again`,
        ),
      );
      expect(openai.jobs.only.object.status).toBe('cancelled');
    },
  );

  test('is given up without a status, and people are told where it could not be ended', async () => {
    const { openai, training, order } = await running(10, { patienceMs: HOUR });
    openai.jobs.byHand = true;
    openai.faults.change<{ id: string }>(JOB, ({ id }) => ({ id }), OFTEN);
    openai.faults.fail('POST /fine_tuning/jobs/:id/cancel');
    expect(await endOf(training, order)).toContain('still “?”; it may go on there and cost');
  });

  test('shows signs of life by its events, whatever its status is called', async () => {
    const { openai, training, order } = await running(200);
    openai.faults.change<{ status: string }>(
      JOB,
      (job) => ({ ...job, status: job.status === 'succeeded' ? 'succeeded' : 'fermenting' }),
      OFTEN,
    );
    expect(await endOf(training, order)).toMatch(/^ft:/);
  });

  test('may be paused for long', async () => {
    const { openai, training, order } = await running(10, { patienceMs: HOUR });
    openai.jobs.only.object.status = 'paused';
    expect(await endOf(training, order)).toContain('no sign of life for 7 hours and is still “paused”');
  });

  test('that succeeded may name its model a little later, but not never', async () => {
    const { openai, training, order } = await running();
    const unnamed = (job: { status: string }) => ({ ...job, fine_tuned_model: null });
    openai.faults.change(JOB, unnamed, { times: 7 });
    expect(await endOf(training, order)).toMatch(/^ft:/);
    openai.faults.change(JOB, unnamed, OFTEN);
    expect(await endOf(training, order)).toContain('the server names no model that came of it');
  });

  test('does not depend on what time the server has', async () => {
    for (const years of [-50, 50]) {
      const openai = await startStandIn();
      openai.clock.setOff(years * 365 * 86_400);
      const training = await trainingOn(openai);
      expect(await endOf(training, await orderOn(training.vault, doors(10)))).toMatch(/^ft:/);
    }
  });

  test('is told of in about fifty steps, however many there are', async () => {
    const { training, order } = await running(1_000);
    const steps = (await updatesOf(training, order)).filter((update) => update.kind === 'progressed');
    expect(steps.length).toBeGreaterThan(40);
    expect(steps.length).toBeLessThan(60);
    expect(steps.at(-1)).toMatchObject({ step: 3_000, total: 3_000 });
    expect(steps.map(({ step }) => step)).toEqual(steps.map(({ step }) => step).toSorted((a, b) => a - b));
  });

  test('is followed by its checkpoints where the server tells of no steps', async () => {
    const { openai, training, order } = await running(20);
    openai.faults.fail(EVENTS, { ...OFTEN, status: 200, body: { data: [], has_more: false } });
    const updates = await updatesOf(training, order);
    expect(updates.filter(({ kind }) => kind === 'progressed')).toEqual([
      { kind: 'progressed', step: 20, total: 20, loss: expect.any(Number), evaluationLoss: null },
      { kind: 'progressed', step: 40, total: 40, loss: expect.any(Number), evaluationLoss: null },
      { kind: 'progressed', step: 60, total: 60, loss: 0.125, evaluationLoss: null },
    ]);
  });

  test('reads events that have numbers only in their words, or none at all', async () => {
    const { openai, training, order } = await running();
    openai.faults.change<{ data: { data: unknown }[] }>(
      EVENTS,
      (page) => ({
        ...page,
        data: [...page.data.map((event) => ({ ...event, data: null })), { id: 7 }, null],
      }),
      OFTEN,
    );
    const steps = (await updatesOf(training, order)).filter((update) => update.kind === 'progressed');
    expect(steps.at(-1)).toMatchObject({ step: 30, total: 30, loss: 0.13 });
  });

  test('ends also where its events do not, and without checkpoints', async () => {
    const { openai, training, order } = await running();
    let n = 0;
    openai.faults.change(EVENTS, () => ({ data: [{ id: `event-${n++}` }], has_more: true }), OFTEN);
    openai.faults.fail(CHECKPOINTS, { ...OFTEN, status: 404 });
    const end = (await updatesOf(training, order)).at(-1);
    expect(end).toMatchObject({ kind: 'succeeded', loss: null });
  });

  test('tells of the loss on what is held out', async () => {
    const openai = await startStandIn();
    const training = await trainingOn(openai);
    openai.faults.fail(EVENTS, { ...OFTEN, status: 404 });
    const order = await orderOn(training.vault, doors(12), { heldOut: [1, 2] });
    openai.faults.clear();
    openai.faults.fail(EVENTS, { ...OFTEN, status: 200, body: { data: [], has_more: false } });
    const steps = (await updatesOf(training, order)).filter((update) => update.kind === 'progressed');
    expect(steps.at(-1)).toMatchObject({ evaluationLoss: 0.25 });
  });

  test('is looked at less often the longer it takes', async () => {
    const { openai, training, order } = await running(10, { patienceMs: 4 * HOUR });
    openai.jobs.byHand = true;
    await endOf(training, order);
    expect(training.time.pauses[0]).toBe(5_000);
    expect(training.time.pauses.at(-1)).toBe(30_000);
    expect(openai.requests(JOB).length).toBeLessThan((4 * HOUR) / 30_000 + 100);
  });
});

test('a certificate that is not valid, or a server that is not there, fails a job at once with the reason', async () => {
  const openai = await startStandIn({ badCertificate: true });
  const unsafe = await trainingOn(openai);
  const order = await orderOn(unsafe.vault, doors(10));
  expect(await endOf(unsafe, order)).toContain('is not valid (DEPTH_ZERO_SELF_SIGNED_CERT)');
  const gone: StandInOpenAI = await startStandIn();
  const alone = await trainingOn(gone);
  await gone.stop().catch(() => {});
  expect(await endOf(alone, await orderOn(alone.vault, doors(10)))).toContain('(ECONNREFUSED)');
});
