import { expect, test } from 'vitest';
import { Consents, type MayHear } from '../../../../src/adapters/discord/voice/consents.ts';

function consents(mayHear: MayHear) {
  const known: unknown[] = [];
  const errors: unknown[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_: string, error: unknown) => errors.push(error) };
  const one = new Consents({ scope: 'guild', mayHear, log, onKnown: (...news) => known.push(news) });
  return { one, known, errors };
}

test('nobody has agreed before it is known that they have', async () => {
  const answer = Promise.withResolvers<boolean>();
  const { one, known } = consents(() => answer.promise);
  const learnt = one.learn(['ann']);
  expect(one.has('ann')).toBe(false);
  answer.resolve(true);
  await learnt;
  expect(one.has('ann')).toBe(true);
  expect(known).toEqual([['ann', true]]);
});

test('what somebody decides overtakes an answer that is still to come', async () => {
  const answer = Promise.withResolvers<boolean>();
  const { one } = consents(() => answer.promise);
  const learnt = one.learn(['ann']);
  one.change('ann', false);
  answer.resolve(true);
  await learnt;
  expect(one.has('ann')).toBe(false);
});

test('of whom it cannot be known, nothing is heard', async () => {
  const { one, errors } = consents(async () => Promise.reject(new Error('the read models are away')));
  one.change('ann', true);
  await one.learn(['ann']);
  expect(one.has('ann')).toBe(false);
  expect(errors).toHaveLength(1);
});
