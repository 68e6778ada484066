import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Action, CommandRequest } from '../../../../src/domain/surface.ts';
import { reply } from './fake-bot.ts';
import { serving } from './serving.ts';

const answer = randomUUID();
const longSentence = 'x'.repeat(3_000);

function action(kind: Action['kind'], request: CommandRequest, label: string): Action {
  return { label, emoji: null, style: 'secondary', kind, request };
}

const like = action('run', { command: 'feedback', options: { answer, text: '+' } }, '👍');
const promote = action('run', { command: 'promote', options: { model: 'embedded-1' } }, 'Promote');
const reveal = action('run', { command: 'secret', options: {} }, 'Reveal');

async function withButtons(actions: readonly Action[]) {
  const served = await serving();
  served.bot.answers = () => reply('An answer.', { actions });
  const message = await served.ann.uses('list').reply();
  served.bot.heard.length = 0;
  return { ...served, message };
}

describe('a button', () => {
  test('does what it says with its options, in the name of whoever presses it', async () => {
    const { ben, bot, message } = await withButtons([promote]);
    bot.answers = () => reply('Promoted.');
    const pressed = ben.presses(message.button('Promote'));
    expect(await pressed.acknowledged()).toEqual({ deferred: true, ephemeral: false });
    expect((await pressed.reply()).content).toBe('Promoted.');
    expect(bot.heard).toMatchObject([
      {
        id: pressed.record.id,
        input: { kind: 'command', name: 'promote', options: { model: 'embedded-1' } },
        actor: { id: ben.id, manager: false },
        origin: 'interaction',
      },
    ]);
    expect(message.content).toBe('An answer.');
  });

  test('that is not for everybody to see is answered to the person alone', async () => {
    const { ben, bot, message } = await withButtons([reveal]);
    bot.answers = () => reply('Nobody knows.', { isPrivate: true });
    expect((await ben.presses(message.button('Reveal')).reply()).isEphemeral).toBe(true);
  });

  test('of a rating is answered in a line to the person alone', async () => {
    const { ben, bot, message } = await withButtons([like]);
    bot.answers = () => reply('Thank you.');
    const told = await ben.presses(message.button('👍')).reply();
    expect(told).toMatchObject({ content: 'Thank you.', isEphemeral: true });
  });

  test('that the person may not press any more ends in a sentence', async () => {
    const { ben, bot, message, guild } = await withButtons([promote]);
    bot.answers = () => reply('That is for trainers.', { ok: false, isPrivate: true });
    const told = await ben.presses(message.button('Promote')).followUp();
    expect(told).toMatchObject({ content: 'That is for trainers.', isEphemeral: true });
    expect(guild.general.messages.filter(({ isDeleted }) => !isDeleted)).toHaveLength(1);
  });

  test.each([
    ['of another bot', 'promote:1'],
    ['of another version', '2rpromote'],
    ['with an id that is none', '1rfeedback:answer~AAAA:text=+'],
    ['with everything that fits', '€'.repeat(100)],
    ['that says that a form was handed in', `1scorrect:answer=${answer}`],
  ])('that was forged is answered in a sentence and reaches nobody: %s', async (_, customId) => {
    const { ben, bot, log, message, rejected } = await withButtons([like]);
    const told = await ben.presses(message.forgedButton(customId)).reply();
    expect(told.content).toContain('I do not know this button');
    expect(told.isEphemeral).toBe(true);
    expect(bot.heard).toEqual([]);
    expect(log.failures).toEqual([]);
    expect(rejected).toEqual([]);
  });

  test('that was forged for a command that we do not have is answered to the person alone', async () => {
    const { ben, bot, message } = await withButtons([like]);
    bot.answers = () => reply('There is no command destroy.', { ok: false, isPrivate: true });
    const told = await ben.presses(message.forgedButton('1rdestroy:everything=true')).reply();
    expect(told).toMatchObject({ content: 'There is no command destroy.', isEphemeral: true });
  });
});

describe('a page', () => {
  const older = (command: string) => action('turn', { command, options: { before: '7' } }, 'Older');

  function paged(command: string, { isPrivate = false } = {}) {
    let page = 1;
    return () => reply(`page ${page++}`, { isPrivate, actions: [older(command)] });
  }

  async function withPages(command: 'list' | 'secret') {
    const served = await serving();
    served.bot.answers = paged(command, { isPrivate: command === 'secret' });
    const message = await served.ann.uses(command).reply();
    return { ...served, message };
  }

  test('is turned in its place, by anybody where everybody sees it', async () => {
    const { guild, ben, bot, message } = await withPages('list');
    const turned = ben.presses(message.button('Older'));
    expect((await turned.update()).content).toBe('page 2');
    expect(message.buttons.map(({ label }) => label)).toEqual(['Older']);
    expect(guild.general.messages).toHaveLength(1);
    expect(bot.heard.at(-1)).toMatchObject({
      input: { name: 'list', options: { before: '7' } },
      actor: { id: ben.id },
    });
  });

  test('is turned in its place where only the person sees it', async () => {
    const { guild, ann, message } = await withPages('secret');
    expect(message.isEphemeral).toBe(true);
    expect((await ann.presses(message.button('Older')).update()).content).toBe('page 2');
    expect(guild.general.messages).toEqual([]);
  });

  test('of a private command that was written for all to see is turned for its author in its place', async () => {
    const { guild, ann, ben, bot, client } = await serving();
    bot.answers = paged('secret', { isPrivate: true });
    const line = ann.says(guild.general, '!secret');
    const channel = await client.channels.fetch(guild.general.id);
    if (!channel?.isSendable()) throw new Error('One can write there.');
    const customId = '1tsecret:before=7';
    const components = [
      { type: 1, components: [{ type: 2, style: 2, custom_id: customId, label: 'Older' }] },
    ];
    await channel.send({ content: 'page 0', components, reply: { messageReference: line.id } });
    const message = await guild.general.nextMessage(({ content }) => content === 'page 0');
    expect((await ann.presses(message.button('Older')).update()).content).toBe('page 1');
    const others = await ben.presses(message.button('Older')).reply();
    expect(others).toMatchObject({ content: 'page 2', isEphemeral: true });
    expect(message.content).toBe('page 1');
  });

  test('that cannot be shown leaves the one that is there', async () => {
    for (const command of ['list', 'secret'] as const) {
      const { ann, bot, message } = await withPages(command);
      bot.answers = () => reply('There is no such page.', { ok: false, isPrivate: true });
      const told = await ann.presses(message.button('Older')).followUp();
      expect(told).toMatchObject({ content: 'There is no such page.', isEphemeral: true });
      expect(message.content).toBe('page 1');
      expect(message.isDeleted).toBe(false);
    }
  });

  test('that is private never takes the place of what everybody sees, even where its button was forged', async () => {
    const { ben, bot, message } = await withPages('list');
    bot.answers = () => reply('For your eyes only.', { isPrivate: true });
    const told = await ben.presses(message.forgedButton('1tsecret')).reply();
    expect(told).toMatchObject({ content: 'For your eyes only.', isEphemeral: true });
    expect(message.history.map(({ content }) => content)).not.toContain('For your eyes only.');
  });

  test('that is too long for one message comes as a file in its place', async () => {
    const { ben, bot, message } = await withPages('list');
    bot.answers = () => reply(longSentence, { actions: [older('list')] });
    await ben.presses(message.button('Older')).update();
    expect(Buffer.from(message.file('reply.txt')).toString()).toBe(longSentence);
    expect(message.buttons).toHaveLength(1);
    bot.answers = () => reply('short again', { actions: [older('list')] });
    await ben.presses(message.button('Older')).update();
    expect(message.content).toBe('short again');
    expect(message.files).toEqual([]);
  });
});
