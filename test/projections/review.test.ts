import { expect, test } from 'vitest';
import {
  countWaiting,
  findCorrection,
  oldestWaiting,
  recentTurns,
  reviewQueue,
  waitingCorrections,
} from '../../src/projections/answers.ts';
import { countEvents } from '../../src/projections/history.ts';
import { approval, correction, prediction, Scenario } from './scenario.ts';

const required = { review: 'required' } as const;

async function waiting(scenario: Scenario, ...given: readonly (readonly [string, string])[]): Promise<void> {
  for (const answer of new Set(given.map(([answer]) => answer))) await scenario.happened(prediction(answer));
  for (const [answer, id] of given) await scenario.happened(correction(answer, id, required));
}

/** A page of the queue, each answer with its corrections. */
async function page(scenario: Scenario, after: number | null = null, limit = 9, scope = 'local') {
  const answers = await reviewQueue(scenario.db, scope, { after, limit });
  return Promise.all(
    answers.map(async ({ answer }) => {
      const corrections = await waitingCorrections(scenario.db, scope, answer);
      return [answer, ...corrections.map(({ id }) => id)].join(' ');
    }),
  );
}

test('corrections that wait come oldest first, those of one answer together', async () => {
  const scenario = await Scenario.begin();
  await waiting(scenario, ['a1', 'c1'], ['a2', 'c2'], ['a1', 'c3'], ['a3', 'c4']);

  expect(await page(scenario)).toEqual(['a1 c1 c3', 'a2 c2', 'a3 c4']);
  expect(await page(scenario, null, 1)).toEqual(['a1 c1 c3']);
  const [first] = await reviewQueue(scenario.db, 'local', { after: null, limit: 1 });
  expect(await page(scenario, first?.ordinal)).toEqual(['a2 c2', 'a3 c4']);
  expect(await countWaiting(scenario.db, 'local')).toBe(4);
  expect((await oldestWaiting(scenario.db, 'local', 2)).map(({ id }) => id)).toEqual(['c1', 'c2']);
  expect(await page(scenario, null, 9, 'guild')).toEqual([]);
  expect(await countWaiting(scenario.db, 'guild')).toBe(0);
  expect(await oldestWaiting(scenario.db, 'guild', 9)).toEqual([]);
});

test('what is decided on waits no more, and what nobody must decide on never did', async () => {
  const scenario = await Scenario.begin();
  await waiting(scenario, ['a1', 'c1'], ['a1', 'c2'], ['a2', 'c3'], ['a3', 'c4']);
  await scenario.happened(correction('a3', 'c5'));
  await scenario.happened(approval('a1', 'c1'));
  await scenario.happened({
    type: 'CorrectionRejected',
    data: { answer: 'a2', correction: 'c3', reason: null },
  });
  await scenario.happened({ type: 'CorrectionWithdrawn', data: { answer: 'a3', correction: 'c4' } });
  expect(await page(scenario)).toEqual(['a1 c2']);

  await scenario.readModels.rebuild();
  expect(await page(scenario)).toEqual(['a1 c2']);
});

test('a correction reads as it was edited when it was approved, and says by whom', async () => {
  const scenario = await Scenario.begin();
  const read = async (id: string) => {
    const row = await findCorrection(scenario.db, 'local', id);
    return [row?.text, row?.question, row?.editor, row?.member, row?.status];
  };
  await waiting(scenario, ['a1', 'c1'], ['a2', 'c2'], ['a3', 'c3']);
  expect(await read('c1')).toEqual(['It is c1.', null, null, 'ada', 'awaiting_review']);

  await scenario.happened(approval('a1', 'c1', { text: 'Better.', question: 'When?' }), { actor: 'cy' });
  await scenario.happened(approval('a2', 'c2', { question: 'Where?' }), { actor: 'cy' });
  await scenario.happened(approval('a3', 'c3'), { actor: 'cy' });
  expect(await read('c1')).toEqual(['Better.', 'When?', 'cy', 'ada', 'standing']);
  expect(await read('c2')).toEqual(['It is c2.', 'Where?', 'cy', 'ada', 'standing']);
  expect(await read('c3')).toEqual(['It is c3.', null, null, 'ada', 'standing']);

  await scenario.happened({ type: 'CorrectionWithdrawn', data: { answer: 'a1', correction: 'c1' } });
  expect(await read('c1')).toEqual(['Better.', 'When?', 'cy', 'ada', 'withdrawn']);
});

test('the turns of a conversation are as they were edited', async () => {
  const scenario = await Scenario.begin();
  await waiting(scenario, ['a1', 'c1']);
  const talk = { scope: 'local', channel: 'console', conversation: 'talk', before: null, limit: 9 };
  expect((await recentTurns(scenario.db, talk))[0]?.correction).toBeNull();

  await scenario.happened(approval('a1', 'c1', { text: 'Better.' }));
  expect((await recentTurns(scenario.db, talk))[0]?.correction?.text).toBe('Better.');
});

test('what somebody did in a scope is counted a stretch at a time', async () => {
  const scenario = await Scenario.begin();
  await waiting(scenario, ['a1', 'c1'], ['a2', 'c2']);
  await scenario.happened(prediction('a3'), { actor: 'bob' });
  const count = (after: number, limit: number, scope = 'local') =>
    countEvents(scenario.db, { scope, actor: 'ada', after, limit });

  const first = await count(0, 3);
  expect(first.counts).toEqual([
    { type: 'CorrectionGiven', events: 1 },
    { type: 'PredictionMade', events: 2 },
  ]);
  expect(await count(first.last ?? 0, 3)).toEqual({
    counts: [{ type: 'CorrectionGiven', events: 1 }],
    last: null,
  });
  expect(await count(0, 9, 'guild')).toEqual({ counts: [], last: null });
});
