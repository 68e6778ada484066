import { randomUUID } from 'node:crypto';
import { Locale } from 'discord.js';
import { expect, test } from 'vitest';
import type { Action, CommandRequest } from '../../../../src/domain/surface.ts';
import { reply } from './fake-bot.ts';
import { serving } from './serving.ts';

const answer = randomUUID();
const CORRECT = 'Correct this reply';
const HISTORY = 'Where does this come from?';

function button(request: CommandRequest): Action {
  return {
    label: JSON.stringify(request).slice(0, 40),
    emoji: null,
    style: 'secondary',
    kind: 'run',
    request,
  };
}

async function withMessage(actions: readonly Action[]) {
  const served = await serving();
  served.bot.answers = () => reply('At ten.', { actions });
  const message = await served.ann.uses('list').reply();
  served.bot.heard.length = 0;
  return { ...served, message };
}

const rating = button({ command: 'feedback', options: { answer, text: '+' } });

test('“Correct this reply” shows the form for the answer that the message is', async () => {
  const { ben, bot, message } = await withMessage([rating]);
  const request = { command: 'correct', options: { answer } };
  bot.forms = async () => ({
    form: {
      title: 'Correct',
      fields: [{ option: 'text', label: 'Better', value: 'At ten.', required: true }],
      request,
    },
  });
  const modal = await ben.opensMenu(message, CORRECT).modal();
  expect(bot.heard.map(({ input }) => input)).toEqual([
    { kind: 'command', name: 'correct', options: { answer } },
  ]);
  await ben.submits(modal, { Better: 'At nine.' }).reply();
  expect(bot.heard.at(-1)).toMatchObject({
    input: { name: 'correct', options: { answer, text: 'At nine.' } },
    actor: { id: ben.id },
  });
});

test('“Where does this come from?” shows the history of the answer to the person alone', async () => {
  const { ben, bot, message } = await withMessage([rating]);
  bot.answers = () => reply('It comes from Ann.', { isPrivate: true });
  const used = ben.opensMenu(message, HISTORY);
  expect(await used.acknowledged()).toEqual({ deferred: true, ephemeral: true });
  expect((await used.reply()).content).toBe('It comes from Ann.');
  expect(bot.heard.map(({ input }) => input)).toEqual([
    { kind: 'command', name: 'history', options: { id: answer } },
  ]);
});

test('“Where does this come from?” knows jobs and models by their buttons too', async () => {
  const { ben, bot, message } = await withMessage([
    button({ command: 'promote', options: { model: 'embedded-1' } }),
  ]);
  await ben.opensMenu(message, HISTORY).reply();
  expect(bot.heard.at(-1)?.input).toMatchObject({ name: 'history', options: { id: 'embedded-1' } });
});

test('a message that is no answer ends in a sentence, whoever wrote it', async () => {
  const { guild, ann, bot, message } = await withMessage([]);
  const another = button({ command: 'feedback', options: { answer: randomUUID(), text: '+' } });
  bot.answers = () => reply('Two of them.', { actions: [rating, another] });
  const severalAnswers = await ann.uses('list').reply();
  bot.heard.length = 0;
  for (const target of [message, severalAnswers, ann.says(guild.general, 'I wrote that.')]) {
    const corrected = await ann.opensMenu(target, CORRECT).reply();
    expect(corrected.content).toContain('There is no answer of mine');
    expect(corrected.isEphemeral).toBe(true);
    const traced = await ann.opensMenu(target, HISTORY).reply();
    expect(traced.content).toContain('I know of nothing');
    expect(traced.isEphemeral).toBe(true);
  }
  expect(bot.heard).toEqual([]);
});

test('a message of another bot with buttons like ours is not taken for an answer', async () => {
  const { guild, ann, bot, message } = await withMessage([rating]);
  const other = guild.addMember('Other', { bot: true });
  const copied = other.says(guild.general, 'At ten.');
  copied.record.api.components = structuredClone(message.api.components ?? []);
  const told = await ann.opensMenu(copied, CORRECT).reply();
  expect(told.content).toContain('There is no answer of mine');
  expect(bot.heard).toEqual([]);
});

test('an entry of an older registration ends in a sentence', async () => {
  const { guild, client, message } = await withMessage([rating]);
  await client.application.commands.create({ type: 3, name: 'Praise this reply' });
  const ivan = guild.addMember('Ivan', { locale: Locale.Russian });
  const told = await ivan.opensMenu(message, 'Praise this reply').reply();
  expect(told.content).toBe(
    'Этого пункта меню у меня больше нет; перезапустите Discord, и он покажет нынешние.',
  );
  expect(told.isEphemeral).toBe(true);
});
