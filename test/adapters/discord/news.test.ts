import { expect, test } from 'vitest';
import { News } from '../../../src/adapters/discord/news.ts';

test('the same is told once, and again when it is told no longer', () => {
  let now = 0;
  const news = new News({ freshMs: 100, now: () => now });
  expect([news.take('a'), news.take('a'), news.take('b')]).toEqual([true, false, true]);
  now = 99;
  expect([news.take('a'), news.take('c')]).toEqual([false, true]);
  now = 100;
  expect([news.take('a'), news.take('b'), news.take('c')]).toEqual([true, true, false]);
});
