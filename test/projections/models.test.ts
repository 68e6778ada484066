import { expect, test } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import {
  activePromotion,
  findModel,
  listModels,
  newestModel,
  promotionsOf,
} from '../../src/projections/models.ts';
import { Scenario, sha, trainingRequested, trainingSucceeded } from './scenario.ts';

async function trained(scenario: Scenario, job: string, model: string, scope = 'local') {
  await scenario.happened(trainingRequested(job), { scope });
  return scenario.happened(trainingSucceeded(job, model), { scope });
}

function promoted(model: string, previous: string): DomainEvent {
  return {
    type: 'ModelPromoted',
    data: { model, dataset: sha('d'), previous, reason: 'better', evaluation: 'e1' },
  };
}

test('a model is known from the job that gave it', async () => {
  const scenario = await Scenario.begin();

  const { event, ordinal } = await trained(scenario, 'j1', 'm1');

  expect(await findModel(scenario.db, 'local', 'm1')).toEqual({
    scope: 'local',
    id: 'm1',
    ordinal,
    event,
    channel: 'console',
    time: '2025-01-01T00:00:00.000Z',
    job: 'j1',
    dataset: sha('d'),
    artifact: sha('a'),
    last_ordinal: ordinal,
    last_channel: 'console',
  });
});

test('a model that is trained again stays the first one and is the newest again', async () => {
  const scenario = await Scenario.begin();
  const first = await trained(scenario, 'j1', 'm1');
  await trained(scenario, 'j2', 'm2');
  const again = await trained(scenario, 'j3', 'm1');

  const list = await listModels(scenario.db, 'local', { before: null, limit: 9 });
  const rest = await listModels(scenario.db, 'local', { before: again.ordinal, limit: 9 });

  expect(list.map(({ id, job }) => [id, job])).toEqual([
    ['m1', 'j1'],
    ['m2', 'j2'],
  ]);
  expect(rest.map(({ id }) => id)).toEqual(['m2']);
  expect(list[0]).toMatchObject({ ordinal: first.ordinal, last_ordinal: again.ordinal });
});

test('the newest model is asked for as it stood before an event, also where it was trained again since', async () => {
  const scenario = await Scenario.begin();
  const newest = async (before: number | null) => (await newestModel(scenario.db, 'local', before))?.id;
  expect(await newest(null)).toBeUndefined();
  const first = await trained(scenario, 'j1', 'm1');
  const second = await trained(scenario, 'j2', 'm2');
  const again = await trained(scenario, 'j3', 'm1');

  expect(await newest(null)).toBe('m1');
  expect(await newest(again.ordinal)).toBe('m2');
  expect(await newest(second.ordinal)).toBe('m1');
  expect(await newest(first.ordinal)).toBeUndefined();
});

test('a job that had been cancelled gives no model', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened({ type: 'TrainingCancelled', data: { job: 'j1' } });

  await scenario.happened(trainingSucceeded('j1', 'm1'));

  expect(await findModel(scenario.db, 'local', 'm1')).toBeUndefined();
  expect(await newestModel(scenario.db, 'local', null)).toBeUndefined();
});

test('the last promotion or step back says which model is active', async () => {
  const scenario = await Scenario.begin();
  const active = async () => (await activePromotion(scenario.db, 'local'))?.model;
  expect(await active()).toBeUndefined();
  await scenario.happened(promoted('m1', 'base'), { actor: 'bob' });
  await scenario.happened(promoted('m2', 'm1'));
  expect(await active()).toBe('m2');

  await scenario.happened({
    type: 'ModelRolledBack',
    data: { model: 'm1', dataset: sha('d'), previous: 'm2', reason: null },
  });

  expect(await active()).toBe('m1');
  const changes = await promotionsOf(scenario.db, 'local', 'm1');
  expect(changes.map(({ change, previous, reason, actor }) => [change, previous, reason, actor])).toEqual([
    ['rolled_back', 'm2', null, 'ada'],
    ['promoted', 'base', 'better', 'bob'],
  ]);
});

test('each scope has its own models and its own active one', async () => {
  const scenario = await Scenario.begin();
  await trained(scenario, 'j1', 'm1');
  await scenario.happened(promoted('m1', 'base'));
  const { db } = scenario;

  expect(await findModel(db, 'guild', 'm1')).toBeUndefined();
  expect(await listModels(db, 'guild', { before: null, limit: 9 })).toEqual([]);
  expect(await newestModel(db, 'guild', null)).toBeUndefined();
  expect(await activePromotion(db, 'guild')).toBeUndefined();
  expect(await promotionsOf(db, 'guild', 'm1')).toEqual([]);
});
