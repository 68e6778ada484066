import { Events, PermissionFlagsBits as May } from 'discord.js';
import { expect, test } from 'vitest';
import { languages } from '../../../../src/domain/languages/languages.ts';
import { next } from '../../../stand-ins/discord/real-client.ts';
import { by, hasLeft, kinds, outcome, voiceScene } from './scene.ts';

test('the bot leaves when nothing was spoken for a while', async () => {
  const scene = await voiceScene({ idleMinutes: 0.4 / 60 });
  expect(await outcome(scene, scene.speak('Here I am'))).toMatchObject({ kind: 'spoken' });
  await hasLeft(scene);
  expect(kinds(scene)).toEqual(['queued', 'joined to_speak', 'spoken', 'left idle']);
});

test('the bot leaves when only programs remain, and not where somebody comes back in time', async () => {
  const scene = await voiceScene({ timing: { aloneMs: 300 } });
  await scene.join();
  const radio = scene.guild.addMember('Radio', { bot: true });
  radio.entersVoice(scene.lounge);
  scene.ann.leavesVoice();
  scene.ann.entersVoice(scene.lounge);
  expect(await outcome(scene, scene.speak('Ann is back'))).toMatchObject({ kind: 'spoken' });
  scene.ann.leavesVoice();
  await hasLeft(scene);
  expect(kinds(scene)).toEqual(['joined asked', 'queued', 'spoken', 'left alone']);
});

test('the bot follows who calls it into another channel', async () => {
  const scene = await voiceScene();
  await scene.join();
  const created = next(scene.client, Events.ChannelCreate);
  const elsewhere = scene.guild.addChannel('elsewhere', { voice: true });
  await created;
  await scene.room().join(elsewhere.id, by());
  expect(scene.room()).toMatchObject({ channel: elsewhere.id, membersChannel: scene.lounge.id });
  expect(kinds(scene)).toEqual(['joined asked', 'left asked', 'joined asked']);
  expect(new Set(scene.reports.all.map(({ id }) => id)).size).toBe(3);
});

test('all that happened is reported before the bot is gone', async () => {
  const scene = await voiceScene();
  await scene.join();
  scene.speak('This is not heard any more');
  await scene.rooms.close();
  expect(kinds(scene)).toEqual(['joined asked', 'queued', 'left closing', 'dropped left']);
  await hasLeft(scene);
});

test.for([
  {
    what: 'may not connect',
    denied: May.Connect,
    sentence: 'I may not connect to',
    words: 'Мне нельзя подключаться к',
  },
  {
    what: 'may not speak',
    denied: May.Speak,
    sentence: 'I may not speak in',
    words: 'Мне нельзя говорить в',
  },
  {
    what: 'does not see it',
    denied: May.ViewChannel,
    sentence: 'is no voice channel that I see',
    words: 'который мне виден',
  },
])(
  'where the bot $what, it says so, once, and comes as soon as it may',
  async ({ denied, sentence, words }) => {
    const scene = await voiceScene();
    const { lounge, guild, discord, told, client } = scene;
    const denial = next(client, Events.ChannelUpdate);
    lounge.deny(guild.botRole, denied);
    await denial;
    await expect(scene.join()).rejects.toThrow(sentence);
    for (let time = 0; time < 2; time++) {
      const answer = scene.speak('Nobody hears this');
      expect(await outcome(scene, answer)).toEqual({ kind: 'dropped', answer, reason: 'failed' });
    }
    expect(told.all.map((inWords) => inWords(languages.ru))).toEqual([expect.stringContaining(words)]);
    expect(discord.calls.joins.all).toEqual([]);
    const grant = next(client, Events.ChannelUpdate);
    lounge.allow(guild.botRole, denied);
    await grant;
    await scene.join();
  },
);

test('a text channel, and one that is not there, are no voice channels', async () => {
  const { room, guild } = await voiceScene();
  for (const id of [guild.general.id, '1'])
    await expect(room().join(id, by())).rejects.toThrow(`<#${id}> is no voice channel that I see`);
});
