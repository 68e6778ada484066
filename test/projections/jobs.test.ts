import { expect, test } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import { findJob, jobsOfDataset, jobsOfModel, listJobs, unfinishedJobs } from '../../src/projections/jobs.ts';
import { Scenario, sha, trainingRequested, trainingSucceeded } from './scenario.ts';

const started: DomainEvent = { type: 'TrainingStarted', data: { job: 'j1', reference: 'ft-1' } };
const uploaded: DomainEvent = { type: 'TrainingFileUploaded', data: { job: 'j1', file: 'file-1' } };
const failed: DomainEvent = { type: 'TrainingFailed', data: { job: 'j1', reason: 'out of memory' } };
const cancelled: DomainEvent = { type: 'TrainingCancelled', data: { job: 'j1' } };

function progressed(step: number, loss: number | null): DomainEvent {
  return {
    type: 'TrainingProgressed',
    data: { job: 'j1', step, total: 10, loss, evaluationLoss: null, learningRate: null },
  };
}

test('a requested job is kept with who asked for what', async () => {
  const scenario = await Scenario.begin();

  const { event, ordinal } = await scenario.happened(trainingRequested('j1'));

  const row = await findJob(scenario.db, 'local', 'j1');
  expect(row).toEqual({
    id: 'j1',
    ordinal,
    event,
    scope: 'local',
    channel: 'console',
    actor: 'ada',
    time: '2025-01-01T00:00:00.000Z',
    dataset: sha('d'),
    format: 'sft',
    examples: 3,
    trainer: 'embedded',
    base_model: 'base',
    cost: null,
    hyperparameters: '{"epochs":2,"rate":"auto"}',
    state: 'requested',
    file: null,
    reference: null,
    step: 0,
    total: 0,
    trained_tokens: null,
    loss: null,
    model: null,
    reason: null,
    ended: null,
  });
});

test('a job runs from its start on and shows how far it is', async () => {
  const scenario = await Scenario.begin();
  const job = () => findJob(scenario.db, 'local', 'j1');
  await scenario.happened(trainingRequested('j1'));

  await scenario.happened(uploaded);
  expect(await job()).toMatchObject({ state: 'requested', file: 'file-1' });
  await scenario.happened(started);
  expect(await job()).toMatchObject({ state: 'running', reference: 'ft-1', step: 0 });
  await scenario.happened(progressed(3, 0.5));
  expect(await job()).toMatchObject({ state: 'running', step: 3, total: 10, loss: 0.5 });
});

test('a job that succeeded has its model, and keeps the last loss that was told', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened(progressed(9, 0.25));
  await scenario.happened(progressed(10, null));

  await scenario.happened(trainingSucceeded('j1', 'm1'), { time: '2025-02-01T00:00:00.000Z' });

  expect(await findJob(scenario.db, 'local', 'j1')).toMatchObject({
    state: 'succeeded',
    model: 'm1',
    loss: 0.25,
    ended: '2025-02-01T00:00:00.000Z',
  });
  expect((await jobsOfModel(scenario.db, 'local', 'm1', 9)).map(({ id }) => id)).toEqual(['j1']);
});

test('a job that failed or was cancelled has its end and, where there is one, the reason', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened(failed);
  await scenario.happened(trainingRequested('j2'));
  await scenario.happened({ type: 'TrainingCancelled', data: { job: 'j2' } });

  expect(await findJob(scenario.db, 'local', 'j1')).toMatchObject({
    state: 'failed',
    reason: 'out of memory',
  });
  expect(await findJob(scenario.db, 'local', 'j2')).toMatchObject({ state: 'cancelled', reason: null });
});

test.each([
  ['succeeded', trainingSucceeded('j1', 'm1')],
  ['failed', failed],
  ['cancelled', cancelled],
])('nothing that is recorded later changes a job that has %s', async (_, end) => {
  const scenario = await Scenario.begin();
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened(end);
  const before = await findJob(scenario.db, 'local', 'j1');

  for (const late of [
    uploaded,
    started,
    progressed(5, 1),
    failed,
    cancelled,
    trainingSucceeded('j1', 'm2'),
  ]) {
    await scenario.happened(late);
  }

  expect(await findJob(scenario.db, 'local', 'j1')).toEqual(before);
  expect(await unfinishedJobs(scenario.db)).toEqual([]);
});

test('unfinished jobs of all scopes come oldest first', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened(trainingRequested('j2'), { scope: 'guild' });
  await scenario.happened(trainingRequested('j3'));
  await scenario.happened(failed);
  await scenario.happened({ type: 'TrainingStarted', data: { job: 'j3', reference: null } });

  const jobs = await unfinishedJobs(scenario.db);

  expect(jobs.map(({ id, scope, state }) => [id, scope, state])).toEqual([
    ['j2', 'guild', 'requested'],
    ['j3', 'local', 'running'],
  ]);
});

test('jobs are listed newest first, page by page, each scope its own', async () => {
  const scenario = await Scenario.begin();
  for (const id of ['j1', 'j2', 'j3']) await scenario.happened(trainingRequested(id));
  await scenario.happened(trainingRequested('j4'), { scope: 'guild' });

  const page = await listJobs(scenario.db, 'local', { before: null, limit: 2 });
  const rest = await listJobs(scenario.db, 'local', { before: page.at(-1)?.ordinal ?? null, limit: 2 });

  expect(page.map(({ id }) => id)).toEqual(['j3', 'j2']);
  expect(rest.map(({ id }) => id)).toEqual(['j1']);
  expect(await findJob(scenario.db, 'local', 'j4')).toBeUndefined();
});

test('the jobs of a dataset are found, newest first', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(trainingRequested('j1', sha('1')));
  await scenario.happened(trainingRequested('j2', sha('1')));
  await scenario.happened(trainingRequested('j3', sha('2')));
  await scenario.happened(trainingRequested('j4', sha('1')), { scope: 'guild' });

  const ids = async (limit: number) =>
    (await jobsOfDataset(scenario.db, 'local', sha('1'), limit)).map(({ id }) => id);

  expect(await ids(9)).toEqual(['j2', 'j1']);
  expect(await ids(1)).toEqual(['j2']);
});
