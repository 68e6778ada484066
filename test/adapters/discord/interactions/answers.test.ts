import { describe, expect, test } from 'vitest';
import { startStandIn } from '../../../stand-ins/discord/real-client.ts';
import type { SeenMessage } from '../../../stand-ins/discord/view/message.ts';
import { instantModel } from '../models.ts';
import { startBot } from '../running-bot.ts';

const echo = instantModel((question) => `Heard: ${question}`);

async function answered(question = 'Why?') {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const [ann, ben] = [guild.addMember('Ann'), guild.addMember('Ben')];
  const running = await startBot({ discord, chatModel: echo });
  await expect.poll(() => ann.seesCommands().length).toBeGreaterThan(0);
  const answer = await ann.uses('ask', { question }).reply();
  return { ...running, guild, ann, ben, answer };
}

function form(message: SeenMessage) {
  const button = message.buttons.find(({ customId }) => customId.startsWith('1fcorrect:'));
  if (button === undefined) throw new Error('There is no button for a better answer.');
  return button;
}

async function ratings({ events }: Pick<Awaited<ReturnType<typeof answered>>, 'events'>) {
  const all = await events();
  return all.flatMap((event) =>
    event.type === 'FeedbackGiven' ? [`${event.metadata.actor} ${event.data.rating}`] : [],
  );
}

describe('under every answer', () => {
  test('a rating counts once for each member, and can be changed', async () => {
    const { ann, ben, answer, events } = await answered();
    const told: SeenMessage[] = [];
    for (const [who, which] of [
      [ann, '👍'],
      [ann, '👍'],
      [ben, '👍'],
      [ann, '👎'],
      [ann, '👎'],
    ] as const)
      told.push(await who.presses(answer.button(which)).reply());
    expect(told.every(({ isEphemeral }) => isEphemeral)).toBe(true);
    expect(told.every(({ content }) => !content.includes('\n'))).toBe(true);
    expect(await ratings({ events })).toEqual([`${ann.id} up`, `${ben.id} up`, `${ann.id} down`]);
  });

  test('the buttons work after a restart', async () => {
    const { discord, directory, ann, answer, stop } = await answered();
    await stop();
    const { events } = await startBot({ discord, directory, chatModel: echo });
    await ann.presses(answer.button('👍')).reply();
    expect(await ratings({ events })).toEqual([`${ann.id} up`]);
    const modal = await ann.presses(form(answer)).modal();
    expect(modal.prefilled('The question')).toBe('Why?');
    expect(modal.prefilled('The better answer')).toBe('Heard: Why?');
  });

  test('an answer of another guild is not found, though its button was carried over', async () => {
    const { discord, answer, events } = await answered();
    const elsewhere = discord.createGuild('Strangers');
    const message = await elsewhere.owner.uses('ask', { question: 'Who?' }).reply();
    for (const { customId } of answer.buttons) {
      const told = await elsewhere.owner.presses(message.forgedButton(customId)).reply();
      expect(told.isEphemeral).toBe(true);
      expect(told.content).not.toContain('Why?');
    }
    expect(await ratings({ events })).toEqual([]);
  });

  test('a form with as much as it takes is recorded to the letter, and notifies nobody', async () => {
    const { ann, answer, events } = await answered('@everyone Why?');
    const modal = await ann.presses(form(answer)).modal();
    const emoji = '👩‍👩‍👧‍👦'.repeat(363);
    const question = '```@everyone **__~~||'.repeat(200).slice(0, 4_000);
    const reply = await ann.submits(modal, { 'The question': question, 'The better answer': emoji }).reply();
    expect(reply.notified).toEqual([]);
    const all = await events();
    const given = all.flatMap((event) => (event.type === 'CorrectionGiven' ? [event.data] : []));
    expect(given).toMatchObject([{ question, text: emoji }]);
  });
});

describe('while a command is typed', () => {
  test('answers of this guild are offered, and none of another', async () => {
    const { discord, ann } = await answered('When does the harbour open?');
    const choices = await ann.typesInto('correct', 'answer', 'harbour');
    expect(choices.map(({ name }) => name).join()).toContain('harbour');
    expect(String(choices[0]?.value).length).toBeGreaterThan(0);
    const elsewhere = discord.createGuild('Strangers');
    expect(await elsewhere.owner.typesInto('correct', 'answer', 'harbour')).toEqual([]);
  });

  test('commands are offered for help', async () => {
    const { ann } = await answered();
    const choices = await ann.typesInto('help', 'command', 'corr');
    expect(choices.map(({ value }) => value)).toContain('correct');
  });
});

test('the history is turned page by page in its place, for the person alone', async () => {
  const { ann, guild } = await answered();
  for (let number = 0; number < 12; number++)
    await ann.uses('feedback', { text: `remark ${number}` }).reply();
  const page = await ann.uses('history', { limit: 5 }).reply();
  expect(page.isEphemeral).toBe(true);
  expect(page.content).toContain('remark 11');
  await ann.presses(page.button('Older')).update();
  expect(page.content).toContain('remark 6');
  expect(page.content).not.toContain('remark 7');
  expect(page.files).toEqual([]);
  await ann.presses(page.button('Newest')).update();
  expect(page.content).toContain('remark 11');
  expect(guild.general.messages.some(({ content }) => content.includes('[event'))).toBe(false);
});
