import { expect, test } from 'vitest';
import { fitMessages } from '../../../../src/adapters/models/openai/context-window.ts';
import { loadCounter, mostTokensOf, tokensOf } from '../../../../src/adapters/models/openai/tokens.ts';
import { assistant, user } from '../embedded/teaching.ts';

test('tokens are counted as OpenAI does', async () => {
  const count = await loadCounter();
  expect(count('')).toBe(0);
  expect(count('hello world')).toBe(2);
  expect(count('Привет, как дела?')).toBe(6);
  // What looks like a special token in a text is text.
  expect(count('<|endoftext|>')).toBeGreaterThan(1);
});

test('long texts are counted as well as short ones, and there are never more tokens than is thought at most', async () => {
  const count = await loadCounter();
  const sentence = ' The quick brown fox jumps over the lazy dog.';
  const [one, many] = [count(sentence), count(sentence.repeat(1_000))];
  expect(Math.abs(many - one * 1_000) / many).toBeLessThan(0.03);
  for (const text of [
    sentence.repeat(50),
    'a'.repeat(5_000),
    '👩‍👩‍👧‍👦'.repeat(300),
    '\ud800'.repeat(600),
    ' '.repeat(3_000),
  ]) {
    const messages = [user(text)];
    expect(tokensOf(messages, count)).toBeLessThanOrEqual(mostTokensOf(messages));
  }
});

test('a text of one letter, which a member may send, is counted in passing', async () => {
  const count = await loadCounter();
  // In one piece it would take minutes, and this test would never end.
  expect(count('a'.repeat(200_000))).toBeGreaterThan(20_000);
});

test('what is kept of a conversation never begins with an answer to what was left out', async () => {
  const messages = [
    user('one '.repeat(50)),
    assistant('two '.repeat(50)),
    user('three'),
    assistant('four'),
    user('five'),
  ];
  const fitted = await fitMessages(messages, 90);
  expect(fitted).toEqual({ messages: messages.slice(2), leftOut: 2 });
  expect(await fitMessages(messages, 1_000)).toEqual({ messages, leftOut: 0 });
  expect(await fitMessages(messages, 5)).toBeNull();
});
