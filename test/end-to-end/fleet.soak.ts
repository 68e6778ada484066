import { expect, it } from 'vitest';
import { expectToSurviveTogether } from './fleet.ts';

const MINUTES = 3;

it('three bots, each killed again and again, and their store, lose nothing and do nothing twice', async () => {
  const events = await expectToSurviveTogether({ bots: 3, ms: MINUTES * 60_000 });
  expect(events.length).toBeGreaterThan(100);
  expect(events.some(({ type }) => type === 'TrainingSucceeded')).toBe(true);
}, 900_000);
