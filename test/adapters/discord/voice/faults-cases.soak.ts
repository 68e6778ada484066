import { createSocket } from 'node:dgram';
import { Events } from 'discord.js';
import { expect, test } from 'vitest';
import { Refusal } from '../../../../src/domain/refusal.ts';
import { next } from '../../../stand-ins/discord/real-client.ts';
import { isHeardAgain, speaking } from './mid-speech.ts';
import { by, clientGuild, hasLeft, kinds, nextSound, outcome, voiceScene } from './scene.ts';

test.for([
  { what: 'breaks', code: undefined },
  { what: 'is closed with 4015', code: 4015 },
])('a connection that $what is resumed, without another join, and the reply goes on', async ({ code }) => {
  const { scene, answer } = await speaking();
  scene.server().cut({ ...(code !== undefined && { code }) });
  await scene.server().resumes.find();
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  expect(scene.discord.calls.joins.all).toHaveLength(1);
  expect(scene.server().identifies.all).toHaveLength(1);
  await isHeardAgain(scene);
});

test('a call that goes on on another server is followed there', async () => {
  const { scene, answer } = await speaking();
  scene.guild.movesToAnotherVoiceServer();
  await nextSound(scene);
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  expect(scene.discord.calls.joins.all).toHaveLength(1);
  await isHeardAgain(scene);
});

test('a crashed server that never answers the resuming is left for a new session', async () => {
  const { scene, answer } = await speaking({ timing: { mendMs: 300 } });
  scene.server().answersResumes = false;
  scene.server().cut({ code: 4015 });
  await scene.server().resumes.find();
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  await isHeardAgain(scene);
  expect(scene.discord.calls.joins.all).toHaveLength(2);
});

test('a server whose sound is never answered is given up, and it is said', async () => {
  const scene = await voiceScene({ timing: { connectMs: 400, backOffMs: [50] } });
  scene.server().udp.isSilent = true;
  await expect(scene.join()).rejects.toThrow('did not answer in time');
  expect(scene.discord.calls.joins.all).toHaveLength(2);
  await hasLeft(scene);
});

test('a bot that is dragged into another channel goes on there, and does not listen to whom nobody told', async () => {
  const { scene, answer } = await speaking();
  const undeafened = next(scene.client, Events.VoiceStateUpdate);
  await scene.room().listen(true, by());
  await undeafened;
  const elsewhere = scene.guild.addChannel('elsewhere', { voice: true });
  scene.guild.addMember('Ben').entersVoice(elsewhere);
  scene.guild.movesBot(elsewhere);
  await nextSound(scene);
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  expect(scene.room()).toMatchObject({ channel: elsewhere.id, isListening: false });
  expect(kinds(scene)).toEqual(['queued', 'joined to_speak', 'left moved', 'joined moved', 'spoken']);
  expect(scene.discord.calls.joins.all).toHaveLength(1);
});

test.for(['is disconnected by somebody', 'loses its channel'] as const)(
  'a bot that %s leaves it at that',
  async (what) => {
    const { scene, answer } = await speaking();
    if (what === 'loses its channel') scene.guild.deletes(scene.lounge);
    else scene.guild.disconnectsBot();
    expect(await outcome(scene, answer)).toEqual({ kind: 'dropped', answer, reason: 'left' });
    expect(kinds(scene)).toEqual(['queued', 'joined to_speak', 'left disconnected', 'dropped left']);
    expect(scene.room().channel).toBeNull();
    expect(scene.discord.calls.joins.all).toHaveLength(1);
  },
);

test('a bot that is thrown out of the server leaves it at that, and comes when it is let in again', async () => {
  const { scene, answer } = await speaking();
  const { guild, lounge, client } = scene;
  guild.expelBot();
  expect(await outcome(scene, answer)).toEqual({ kind: 'dropped', answer, reason: 'left' });
  expect(kinds(scene)).toEqual(['queued', 'joined to_speak', 'left disconnected', 'dropped left']);
  expect(scene.discord.calls.joins.all).toHaveLength(1);
  expect(scene.log.all.filter(({ level }) => level === 'error')).toEqual([]);
  const back = next(client, Events.GuildCreate);
  guild.admitBot();
  await back;
  await scene.rooms.roomFor(clientGuild(client, guild), scene.ann.id).join(lounge.id, by());
  expect(scene.discord.calls.joins.all).toHaveLength(2);
});

test('whoever is called too often in a minute says so', async () => {
  const scene = await voiceScene({ joinsPerMinute: 2 });
  for (let time = 0; time < 2; time++) {
    await scene.join();
    await scene.room().leave(by());
  }
  await expect(scene.join()).rejects.toThrow(
    /^I have come and gone too often within a minute; call me again in \d+ s\.$/,
  );
  await expect(scene.join()).rejects.toBeInstanceOf(Refusal);
  expect(scene.discord.calls.joins.all).toHaveLength(2);
});

test('nothing malformed that comes in ends the process', async () => {
  const { scene, answer } = await speaking();
  const session = scene.server().sessionOf(scene.guild.id);
  if (session?.address === null || session === undefined) throw new Error('The bot is in a call.');
  const { address, port } = session.address;
  const stranger = createSocket('udp4');
  for (const length of [0, 1, 9, 11, 12, 40])
    await new Promise((resolve) => stranger.send(Buffer.alloc(length, 0x80), port, address, resolve));
  stranger.close();
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  session.tellRaw('null');
  await scene.discord.calls.joins.find(() => scene.discord.calls.joins.all.length > 1);
  await isHeardAgain(scene);
});
