import { expect, test } from 'vitest';
import { command, option } from './fake-bot.ts';
import { serving } from './serving.ts';

const commands = [
  command('correct', { options: [option('answer', { kind: 'reference', of: 'answer' }), option('text')] }),
  command('help', { options: [option('command')] }),
];

test('the bot is asked what the option could be, for this person in this place', async () => {
  const { guild, ann, bot } = await serving(commands);
  bot.suggests = async () => [{ label: 'When do you open?', value: '1a2b' }];
  const choices = await ann.typesInto('correct', 'answer', 'open', { others: { text: 'At nine.' } });
  expect(choices).toEqual([{ name: 'When do you open?', value: '1a2b' }]);
  expect(bot.asked).toMatchObject([
    {
      scope: guild.id,
      channel: guild.general.id,
      actor: { id: ann.id, manager: false },
      locale: 'en-US',
      command: 'correct',
      option: 'answer',
      typed: 'open',
    },
  ]);
});

test('commands are suggested for help, and nothing for free text', async () => {
  const { ann, bot } = await serving(commands);
  bot.suggests = async () => [{ label: 'correct', value: 'correct' }];
  expect(await ann.typesInto('help', 'command', 'c')).toHaveLength(1);
  expect(() => ann.typesInto('correct', 'text', 'x')).toThrow('has no autocomplete');
});

test('there are at most 25 choices of 100 characters, and no id is ever cut', async () => {
  const { ann, bot } = await serving(commands);
  const many = Array.from({ length: 30 }, (_, number) => ({
    label: `${'long '.repeat(40)}`,
    value: `id ${number}`,
  }));
  bot.suggests = async () => [{ label: 'too long', value: 'x'.repeat(101) }, ...many];
  const choices = await ann.typesInto('correct', 'answer', '');
  expect(choices).toHaveLength(25);
  expect(choices[0]).toMatchObject({ value: 'id 0' });
  expect(Math.max(...choices.map(({ name }) => name.length))).toBeLessThanOrEqual(100);
});

test('a bot that is slow or fails leaves the person typing', async () => {
  const { ann, bot, log, rejected } = await serving(commands, { thinkingMs: 20 });
  const slow = Promise.withResolvers<never>();
  bot.suggests = () => slow.promise;
  expect(await ann.typesInto('correct', 'answer', 'o')).toEqual([]);
  slow.reject(new Error('after nobody waited any more'));
  bot.suggests = () => Promise.reject(new Error('the read models are gone'));
  expect(await ann.typesInto('correct', 'answer', 'op')).toEqual([]);
  expect(log.failures).toEqual(['nothing could be suggested']);
  expect(rejected).toEqual([]);
});

test('who types faster than anybody can gets no choices, and the bot looks nothing up', async () => {
  const typingLimits = { take: async () => 'silent' as const };
  const { ann, bot } = await serving(commands, { typingLimits });
  expect(await ann.typesInto('correct', 'answer', 'open')).toEqual([]);
  expect(bot.asked).toEqual([]);
  expect((await ann.uses('help').reply()).content).toBe('done');
});
