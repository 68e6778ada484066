import { expect, test } from 'vitest';
import {
  exampleAt,
  examplesOf,
  examplesWithAnswer,
  examplesWithCorrection,
  findDataset,
  listDatasets,
} from '../../src/projections/datasets.ts';
import { correction, datasetBuilt, datasetSelected, prediction, Scenario, sha } from './scenario.ts';

const one = sha('1');
const two = sha('2');

function listed(dataset: string, firstLine: number, ...pairs: (readonly [string, string | null])[]) {
  const examples = pairs.map(([answer, corrected]) => ({ answer, correction: corrected }));
  return { type: 'DatasetExamplesListed', data: { dataset, firstLine, examples } } as const;
}

test('a selected dataset is kept with the files that it was taken from', async () => {
  const scenario = await Scenario.begin();

  const { event, ordinal } = await scenario.happened(datasetSelected(one));

  expect(await findDataset(scenario.db, 'local', one)).toEqual({
    scope: 'local',
    id: one,
    ordinal,
    event,
    channel: 'console',
    actor: 'ada',
    time: '2025-01-01T00:00:00.000Z',
    made: 'selected',
    format: 'sft',
    examples: 2,
    bytes: 100,
    manifest: sha('c'),
    through: null,
    since: null,
    details: JSON.stringify([{ path: 'faq.jsonl', bytes: 100, sha256: sha('f'), examples: 2 }]),
    last_ordinal: ordinal,
    last_channel: 'console',
  });
});

test('a built dataset is kept with what was left out and up to where the ledger was read', async () => {
  const scenario = await Scenario.begin();

  await scenario.happened(datasetBuilt(one, 'event 9'));

  expect(await findDataset(scenario.db, 'local', one)).toMatchObject({
    made: 'built',
    through: 'event 9',
    details: '[{"reason":"withdrawn","count":1}]',
  });
});

test('a dataset that is made again stays the first one and moves to the top of the list', async () => {
  const scenario = await Scenario.begin();
  const { event, ordinal } = await scenario.happened(datasetBuilt(one, 'event 1'));
  await scenario.happened(datasetBuilt(two));
  const again = await scenario.happened(datasetBuilt(one, 'event 2'), { channel: 'other', actor: 'bob' });

  const list = await listDatasets(scenario.db, 'local', { before: null, limit: 9 });
  const rest = await listDatasets(scenario.db, 'local', { before: again.ordinal, limit: 9 });

  expect(list.map(({ id }) => id)).toEqual([one, two]);
  expect(rest.map(({ id }) => id)).toEqual([two]);
  expect(list[0]).toMatchObject({
    event,
    ordinal,
    actor: 'ada',
    channel: 'console',
    through: 'event 2',
    last_ordinal: again.ordinal,
    last_channel: 'other',
  });
});

test('a dataset that was selected first tells of its newest build too', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(datasetSelected(one));
  await scenario.happened(datasetBuilt(one, 'event 1'));
  await scenario.happened(datasetBuilt(one, 'event 2'));

  expect(await findDataset(scenario.db, 'local', one)).toMatchObject({
    made: 'selected',
    manifest: sha('c'),
    through: 'event 2',
  });
});

test('each line of a built dataset says where it comes from', async () => {
  const scenario = await Scenario.begin();
  const { ordinal } = await scenario.happened(datasetBuilt(one));
  const first = await scenario.happened(listed(one, 1, ['a1', 'c1'], ['a2', null]));
  const second = await scenario.happened(listed(one, 3, ['a3', 'c3']));
  const { db } = scenario;

  const page = await examplesOf(db, 'local', one, { after: 0, limit: 2 });
  const rest = await examplesOf(db, 'local', one, { after: 2, limit: 2 });

  const common = { scope: 'local', dataset: one, dataset_ordinal: ordinal };
  expect([...page, ...rest]).toEqual([
    { ...common, listed: first.ordinal, line: 1, answer: 'a1', correction: 'c1' },
    { ...common, listed: first.ordinal, line: 2, answer: 'a2', correction: null },
    { ...common, listed: second.ordinal, line: 3, answer: 'a3', correction: 'c3' },
  ]);
  expect(await exampleAt(db, 'local', one, 2)).toEqual(page[1]);
  expect(await exampleAt(db, 'local', one, 4)).toBeUndefined();
});

test('a line that other corrections gave again names those first, and still the ones before', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'));
  await scenario.happened(correction('a1', 'c1'));
  await scenario.happened(correction('a1', 'c2'));
  await scenario.happened(datasetBuilt(one));
  await scenario.happened(listed(one, 1, ['a1', 'c1']));
  await scenario.happened(datasetBuilt(one));
  await scenario.happened(listed(one, 1, ['a1', 'c2']));
  const { db } = scenario;

  const sources = await examplesOf(db, 'local', one, { after: 0, limit: 9 });

  expect(sources.map((source) => source.correction)).toEqual(['c2', 'c1']);
  expect(await exampleAt(db, 'local', one, 1)).toEqual(sources[0]);
  for (const named of ['c1', 'c2']) {
    expect(await examplesWithCorrection(db, 'local', named)).toMatchObject([{ dataset: one, line: 1 }]);
  }
});

test('an answer and a correction are followed into every dataset that they are in', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'));
  await scenario.happened(correction('a1', 'c1'));
  await scenario.happened(correction('a1', 'c2'));
  await scenario.happened(datasetBuilt(two));
  await scenario.happened(listed(two, 1, ['a1', 'c1']));
  await scenario.happened(datasetBuilt(one));
  await scenario.happened(listed(one, 1, ['a0', null], ['a1', 'c2']));
  const { db } = scenario;

  const ofAnswer = await examplesWithAnswer(db, 'local', 'a1');
  const ofCorrection = await examplesWithCorrection(db, 'local', 'c2');

  expect(ofAnswer.map(({ dataset, line }) => [dataset, line])).toEqual([
    [two, 1],
    [one, 2],
  ]);
  expect(ofCorrection.map(({ dataset, line }) => [dataset, line])).toEqual([[one, 2]]);
  expect(await examplesWithCorrection(db, 'local', 'c3')).toEqual([]);
});

test('the same bytes in two scopes are two datasets, and neither shows the other', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(datasetBuilt(one));
  await scenario.happened(listed(one, 1, ['a1', null]));
  const { db } = scenario;
  expect(await findDataset(db, 'guild', one)).toBeUndefined();
  expect(await listDatasets(db, 'guild', { before: null, limit: 9 })).toEqual([]);
  expect(await examplesOf(db, 'guild', one, { after: 0, limit: 9 })).toEqual([]);
  expect(await exampleAt(db, 'guild', one, 1)).toBeUndefined();
  expect(await examplesWithAnswer(db, 'guild', 'a1')).toEqual([]);

  await scenario.happened(datasetSelected(one), { scope: 'guild' });

  expect(await findDataset(db, 'guild', one)).toMatchObject({ scope: 'guild', made: 'selected' });
  expect(await findDataset(db, 'local', one)).toMatchObject({ scope: 'local', made: 'built' });
});
