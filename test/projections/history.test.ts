import { expect, test } from 'vitest';
import { eventsPage, findEvent, firstOrdinalOf, latestId, matchIds } from '../../src/projections/history.ts';
import {
  correction,
  datasetBuilt,
  newEvent,
  prediction,
  Scenario,
  sha,
  streamOf,
  trainingRequested,
  trainingSucceeded,
} from './scenario.ts';

const here = { scope: 'local', channel: 'console', before: null };

test('every event has its row: what, where, when in the order, by whom, by which command', async () => {
  const scenario = await Scenario.begin();

  const { event, ordinal } = await scenario.happened(prediction('a1'), {
    actor: 'bob',
    commandId: 'command',
  });

  const row = {
    ordinal,
    event,
    scope: 'local',
    channel: 'console',
    stream: 'training.local.answer-a1',
    revision: 0,
    type: 'PredictionMade',
    actor: 'bob',
    command: 'command',
  };
  expect(await findEvent(scenario.db, 'local', event)).toEqual(row);
  expect(await findEvent(scenario.db, 'guild', event)).toBeUndefined();
});

test('events are paged newest first, of a scope or of a person in it', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'), { actor: 'ada' });
  await scenario.happened(prediction('a2'), { actor: 'bob' });
  await scenario.happened(correction('a1', 'c1'), { actor: 'bob' });
  await scenario.happened(prediction('a1'), { actor: 'ada', scope: 'guild' });
  const ordinals = async (filter: { actor?: string; before?: number; limit?: number }) =>
    (await eventsPage(scenario.db, { scope: 'local', before: null, limit: 9, ...filter })).map(
      ({ ordinal }) => ordinal,
    );

  expect(await ordinals({})).toEqual([3, 2, 1]);
  expect(await ordinals({ limit: 2 })).toEqual([3, 2]);
  expect(await ordinals({ before: 2 })).toEqual([1]);
  expect(await ordinals({ actor: 'bob' })).toEqual([3, 2]);
});

test('a command stands where its first event stands', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a0'));
  const events = [prediction('a1'), correction('a1', 'c1')].map((event) =>
    newEvent(event, { commandId: 'command' }),
  );
  const { position } = await scenario.ledger.append(streamOf('local', prediction('a1')), 'any', events);
  await scenario.readModels.caughtUpWith(position);

  expect(await firstOrdinalOf(scenario.db, 'command')).toBe(2);
  expect(await firstOrdinalOf(scenario.db, 'unheard of')).toBeUndefined();
});

test('ids are found by any prefix, in order, and every character stands for itself', async () => {
  const scenario = await Scenario.begin();
  for (const id of ['ab2', 'ab1', 'AB3', 'a%', 'a_', 'b', 'ab1\u{10FFFE}']) {
    await scenario.happened(prediction(id));
  }
  await scenario.happened(prediction('ab9'), { scope: 'guild' });
  const matching = (prefix: string, limit = 9) => matchIds(scenario.db, 'local', 'answer', prefix, limit);

  expect(await matching('ab')).toEqual(['ab1', 'ab1\u{10FFFE}', 'ab2']);
  expect(await matching('ab', 1)).toEqual(['ab1']);
  expect(await matching('A')).toEqual(['AB3']);
  expect(await matching('a%')).toEqual(['a%']);
  expect(await matching('a_')).toEqual(['a_']);
  expect(await matching('%')).toEqual([]);
  expect(await matching("b' OR '1'='1")).toEqual([]);
  expect(await matching('')).toHaveLength(7);
});

test('every kind of thing is found by the start of its id', async () => {
  const scenario = await Scenario.begin();
  const { event } = await scenario.happened(prediction('answer-1'), { actor: 'member-1' });
  await scenario.happened(correction('answer-1', 'correction-1'));
  await scenario.happened(datasetBuilt(sha('d')));
  await scenario.happened(trainingRequested('job-1'));
  await scenario.happened(trainingSucceeded('job-1', 'model-1'));
  await scenario.happened({
    type: 'EvaluationRun',
    data: {
      evaluation: 'evaluation-1',
      model: 'base',
      dataset: null,
      results: [],
      score: null,
      heldOut: null,
    },
  });

  for (const kind of ['answer', 'correction', 'job', 'model', 'evaluation', 'member'] as const) {
    expect(await matchIds(scenario.db, 'local', kind, kind, 9)).toEqual([`${kind}-1`]);
    expect(await matchIds(scenario.db, 'guild', kind, kind, 9)).toEqual([]);
  }
  expect(await matchIds(scenario.db, 'local', 'dataset', 'ddd', 9)).toEqual([sha('d')]);
  expect(await matchIds(scenario.db, 'local', 'event', event.slice(0, 12), 9)).toEqual([event]);
  expect(await matchIds(scenario.db, 'guild', 'event', event.slice(0, 12), 9)).toEqual([]);
});

test('“last” is the newest of its kind in the channel, as it stood before an event', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'));
  await scenario.happened(correction('a1', 'c1'));
  await scenario.happened(datasetBuilt(sha('1')));
  await scenario.happened(trainingRequested('j1'));
  await scenario.happened(trainingSucceeded('j1', 'm1'));
  const evaluation = {
    evaluation: 'e1',
    model: 'base',
    dataset: null,
    results: [],
    score: null,
    heldOut: null,
  };
  const { event, ordinal } = await scenario.happened({ type: 'EvaluationRun', data: evaluation });
  const expected = {
    answer: 'a1',
    correction: 'c1',
    dataset: sha('1'),
    job: 'j1',
    model: 'm1',
    evaluation: 'e1',
    event,
  } as const;
  const kinds = ['answer', 'correction', 'dataset', 'job', 'model', 'evaluation', 'event'] as const;
  const next = ordinal + 1;

  await scenario.happened(prediction('a2'));
  await scenario.happened(correction('a2', 'c2'));
  await scenario.happened(datasetBuilt(sha('2')));
  await scenario.happened(datasetBuilt(sha('1')));
  await scenario.happened(trainingRequested('j2'));
  await scenario.happened(trainingSucceeded('j2', 'm1'));
  await scenario.happened({ type: 'EvaluationRun', data: { ...evaluation, evaluation: 'e2' } });

  for (const kind of kinds) {
    expect([kind, await latestId(scenario.db, kind, { ...here, before: next })]).toEqual([
      kind,
      expected[kind],
    ]);
    expect(await latestId(scenario.db, kind, { ...here, before: 1 })).toBeUndefined();
    expect(await latestId(scenario.db, kind, { ...here, channel: 'other' })).toBeUndefined();
    expect(await latestId(scenario.db, kind, { ...here, scope: 'guild' })).toBeUndefined();
  }
  expect(await latestId(scenario.db, 'dataset', here)).toBe(sha('1'));
  expect(await latestId(scenario.db, 'answer', here)).toBe('a2');
});
