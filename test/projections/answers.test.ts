import { expect, test } from 'vitest';
import {
  answersOfEvaluation,
  answersOfModel,
  correctionsOf,
  countAnswersOfModel,
  feedbackOf,
  findAnswer,
  findCorrection,
  findEvaluation,
  latestAnswer,
  recentTurns,
  standingCorrection,
} from '../../src/projections/answers.ts';
import { approval, correction, prediction, Scenario, sha } from './scenario.ts';

const here = { scope: 'local', channel: 'console', before: null };

test('an answer is kept with who asked what, where, and which example it was taken from', async () => {
  const scenario = await Scenario.begin();
  const made = prediction('a1', {
    messages: [
      { role: 'system', content: 'Be kind.', answer: null, correction: null },
      { role: 'user', content: 'When does the shop open?', answer: null, correction: null },
    ],
    model: 'm1',
    dataset: sha('d'),
    learnedFrom: { dataset: sha('d'), line: 7, similarity: 0.75 },
  });

  const { event, ordinal } = await scenario.happened(made, { actor: 'bob', origin: 'message' });

  expect(await findAnswer(scenario.db, 'local', 'a1')).toEqual({
    id: 'a1',
    ordinal,
    event,
    scope: 'local',
    channel: 'console',
    conversation: 'talk',
    evaluation: null,
    actor: 'bob',
    origin: 'message',
    time: '2025-01-01T00:00:00.000Z',
    prompt: 'When does the shop open?',
    response: 'This about a1.',
    abstained: 0,
    failure: null,
    model: 'm1',
    dataset: sha('d'),
    learned_dataset: sha('d'),
    learned_line: 7,
    similarity: 0.75,
    latency_ms: 2.5,
    notes: null,
  });
});

test('a question that got no answer is kept with the reason', async () => {
  const scenario = await Scenario.begin();
  const { answer, conversation, evaluation, messages, model } = prediction('a1').data;
  const reason = 'The model is away.';

  await scenario.happened({
    type: 'PredictionFailed',
    data: { answer, conversation, evaluation, messages, model, reason },
  });

  const row = await findAnswer(scenario.db, 'local', 'a1');
  expect(row).toMatchObject({ response: null, failure: reason, abstained: 0, latency_ms: null });
  expect(await countAnswersOfModel(scenario.db, 'local', 'base')).toBe(0);
  expect(await latestAnswer(scenario.db, here)).toEqual(row);
});

test('text is kept to the letter, whatever it is', async () => {
  const scenario = await Scenario.begin();
  const text = 'שלום \u0000 e\u0301 👩‍👩‍👧 %_\'"\n';

  await scenario.happened(prediction('a1', { response: text }));
  await scenario.happened(correction('a1', 'c1', { text }));

  expect((await findAnswer(scenario.db, 'local', 'a1'))?.response).toBe(text);
  expect((await findCorrection(scenario.db, 'local', 'c1'))?.text).toBe(text);
});

test('the last standing correction counts, and what was decided of each is shown', async () => {
  const scenario = await Scenario.begin();
  const statuses = async () =>
    (await correctionsOf(scenario.db, 'local', 'a1')).map(({ id, status }) => `${id} ${status}`);
  const standing = async () => (await standingCorrection(scenario.db, 'local', 'a1'))?.id;
  await scenario.happened(prediction('a1'));
  expect(await standing()).toBeUndefined();

  await scenario.happened(correction('a1', 'c1'));
  await scenario.happened(correction('a1', 'c2', { review: 'required' }));
  expect(await standing()).toBe('c1');

  await scenario.happened(approval('a1', 'c2'));
  expect(await standing()).toBe('c2');

  await scenario.happened({ type: 'CorrectionWithdrawn', data: { answer: 'a1', correction: 'c2' } });
  await scenario.happened(correction('a1', 'c3', { review: 'required' }));
  await scenario.happened({
    type: 'CorrectionRejected',
    data: { answer: 'a1', correction: 'c3', reason: 'no' },
  });

  expect(await standing()).toBe('c1');
  expect(await statuses()).toEqual(['c1 standing', 'c2 withdrawn', 'c3 rejected']);
  expect((await findCorrection(scenario.db, 'local', 'c2'))?.status).toBe('withdrawn');
});

test('ratings and remarks of an answer come in the order in which they were given', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'));
  const given = { answer: 'a1', member: 'ada' };
  await scenario.happened({ type: 'FeedbackGiven', data: { ...given, rating: 'up', remark: null } });
  await scenario.happened({ type: 'FeedbackGiven', data: { ...given, rating: null, remark: 'too long' } });
  await scenario.happened({
    type: 'FeedbackGiven',
    data: { answer: null, member: 'ada', rating: null, remark: 'nice bot' },
  });

  const feedback = await feedbackOf(scenario.db, 'local', 'a1');

  expect(feedback.map(({ rating, remark }) => [rating, remark])).toEqual([
    ['up', null],
    [null, 'too long'],
  ]);
});

test('the last turns of a conversation come oldest first, each as people left it', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('too-old'));
  await scenario.happened(prediction('plain'));
  await scenario.happened(prediction('abstained', { abstained: true }));
  await scenario.happened(prediction('taught', { abstained: true }));
  await scenario.happened(correction('taught', 'c1'));
  await scenario.happened(prediction('untaught', { abstained: true }));
  await scenario.happened(correction('untaught', 'c2'));
  await scenario.happened({ type: 'CorrectionWithdrawn', data: { answer: 'untaught', correction: 'c2' } });
  await scenario.happened(prediction('tested', { evaluation: 'e1' }));
  await scenario.happened(prediction('elsewhere'), { channel: 'other' });
  await scenario.happened(prediction('another-talk', { conversation: 'another' }));
  await scenario.happened(prediction('another-scope'), { scope: 'guild' });
  const { ordinal } = await scenario.happened(prediction('last'));
  const talk = { ...here, conversation: 'talk' };

  const turns = await recentTurns(scenario.db, { ...talk, limit: 3 });
  const earlier = await recentTurns(scenario.db, { ...talk, before: ordinal, limit: 1 });

  expect(turns.map(({ answer, correction }) => [answer.id, correction?.id ?? null])).toEqual([
    ['plain', null],
    ['taught', 'c1'],
    ['last', null],
  ]);
  expect(earlier.map(({ answer }) => answer.id)).toEqual(['taught']);
});

test('the latest question of a channel is asked for as it stood before an event', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('first'));
  const { ordinal } = await scenario.happened(prediction('second'));
  await scenario.happened(prediction('tested', { evaluation: 'e1' }));
  await scenario.happened(prediction('elsewhere'), { channel: 'other' });

  expect((await latestAnswer(scenario.db, here))?.id).toBe('second');
  expect((await latestAnswer(scenario.db, { ...here, before: ordinal }))?.id).toBe('first');
  expect(await latestAnswer(scenario.db, { ...here, before: 1 })).toBeUndefined();
});

test('what a model answered is counted and listed, newest first', async () => {
  const scenario = await Scenario.begin();
  for (const id of ['a1', 'a2', 'a3']) await scenario.happened(prediction(id, { model: 'm1' }));
  await scenario.happened(prediction('other', { model: 'm2' }));
  await scenario.happened(prediction('foreign', { model: 'm1' }), { scope: 'guild' });

  const newest = await answersOfModel(scenario.db, 'local', 'm1', 2);

  expect(newest.map(({ id }) => id)).toEqual(['a3', 'a2']);
  expect(await countAnswersOfModel(scenario.db, 'local', 'm1')).toBe(3);
  expect(await countAnswersOfModel(scenario.db, 'guild', 'm1')).toBe(1);
  expect(await countAnswersOfModel(scenario.db, 'local', 'unheard of')).toBe(0);
});

test('an evaluation is found with its answers', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1', { evaluation: 'e1' }));
  await scenario.happened(prediction('a2', { evaluation: 'e1' }));
  await scenario.happened(prediction('a3'));
  const results = [
    { answer: 'a1', expected: 'x', matched: true },
    { answer: 'a2', expected: null, matched: null },
  ];
  await scenario.happened({
    type: 'EvaluationRun',
    data: { evaluation: 'e1', model: 'base', dataset: null, results, score: 1, heldOut: null },
  });

  const row = await findEvaluation(scenario.db, 'local', 'e1');
  const answers = await answersOfEvaluation(scenario.db, 'local', 'e1');

  expect(row).toMatchObject({ id: 'e1', model: 'base', dataset: null, score: 1, channel: 'console' });
  expect(JSON.parse(row?.results ?? '')).toEqual(results);
  expect(answers.map(({ id }) => id)).toEqual(['a1', 'a2']);
});

test('nothing of another scope is ever found', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1', { evaluation: 'e1' }));
  await scenario.happened(correction('a1', 'c1'));
  await scenario.happened({
    type: 'FeedbackGiven',
    data: { answer: 'a1', member: 'ada', rating: 'up', remark: null },
  });
  await scenario.happened({
    type: 'EvaluationRun',
    data: { evaluation: 'e1', model: 'base', dataset: null, results: [], score: null, heldOut: null },
  });
  const { db } = scenario;

  expect(await findAnswer(db, 'guild', 'a1')).toBeUndefined();
  expect(await correctionsOf(db, 'guild', 'a1')).toEqual([]);
  expect(await standingCorrection(db, 'guild', 'a1')).toBeUndefined();
  expect(await findCorrection(db, 'guild', 'c1')).toBeUndefined();
  expect(await feedbackOf(db, 'guild', 'a1')).toEqual([]);
  expect(await latestAnswer(db, { ...here, scope: 'guild' })).toBeUndefined();
  expect(await answersOfModel(db, 'guild', 'base', 9)).toEqual([]);
  expect(await findEvaluation(db, 'guild', 'e1')).toBeUndefined();
  expect(await answersOfEvaluation(db, 'guild', 'e1')).toEqual([]);
});
