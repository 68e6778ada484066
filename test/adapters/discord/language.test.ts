import { Locale } from 'discord.js';
import { expect, it } from 'vitest';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import { startBot } from './running-bot.ts';

it('everybody is answered in their own language, or else in the one that the server chose, or else in its own', async () => {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const russian = discord.createGuild('Тренеры', { locale: Locale.Russian });
  const gerd = guild.addMember('Gerd', { locale: Locale.German });
  const ann = guild.addMember('Ann', { locale: Locale.EnglishGB });
  const { log } = await startBot({ discord });
  await log.find(({ what }) => what === 'commands registered');
  const { general } = guild;
  const written = async (text: string) => {
    const { id } = gerd.says(general, text);
    const reply = await general.nextMessage(({ api }) => api.message_reference?.message_id === id);
    return reply.content;
  };
  const told = async () => {
    const reply = await gerd.uses('help').reply();
    const broken = await gerd.presses(reply.forgedButton('nothing')).reply();
    const [suggested] = await gerd.typesInto('help', 'command', 'hi');
    return [reply.content, broken.content, suggested?.name ?? '', await written('!hi')].map((text) =>
      /\p{Script=Cyrillic}/u.test(text.replaceAll(/\/\S+/g, '')),
    );
  };
  expect(await told()).toEqual([false, false, false, false]);
  await guild.owner.uses('settings', { language: 'ru' }).reply();
  expect(await told()).toEqual([true, true, true, true]);
  expect((await ann.uses('hi').reply()).content).toContain('Hello');
  await guild.owner.uses('settings', { language: 'place' }).reply();
  expect(await told()).toEqual([false, false, false, false]);
  russian.owner.says(russian.general, '!hi');
  expect((await russian.general.nextMessage()).content).toContain('Здравствуйте');
});
