import { getVoiceConnection, type VoiceReceiver } from '@discordjs/voice';
import { Events } from 'discord.js';
import { expect, test, vi } from 'vitest';
import type { VoiceRoomsOptions } from '../../../../src/adapters/discord/voice/rooms.ts';
import type { Utterance } from '../../../../src/adapters/discord/voice/utterance.ts';
import type { Inbox } from '../../../stand-ins/discord/inbox.ts';
import { next } from '../../../stand-ins/discord/real-client.ts';
import { silence } from '../../../stand-ins/discord/voice/heard-sound.ts';
import { by, type Scene, voiceScene } from './scene.ts';
import { opusPackets } from './spoken-packets.ts';

async function listening(options: Partial<VoiceRoomsOptions> = {}) {
  const scene = await voiceScene({ utteranceLimits: { silenceMs: 250 }, ...options });
  await scene.join();
  const undeafened = next(scene.client, Events.VoiceStateUpdate);
  await scene.room().listen(true, by());
  await undeafened;
  return scene;
}

const words = opusPackets(15);

function receiverOf({ guild, client }: Scene): VoiceReceiver {
  const connection = getVoiceConnection(guild.id, client.user.id);
  if (connection === undefined) throw new Error('The bot is in no call.');
  return connection.receiver;
}

/** Whose packets are opened from now on, each of them; the library keeps to itself how it does that. */
function openedBy(receiver: VoiceReceiver): readonly string[] {
  const opened: string[] = [];
  const open: unknown = Reflect.get(receiver, 'parsePacket');
  if (typeof open !== 'function') throw new Error('The library opens packets in another way.');
  Reflect.set(receiver, 'parsePacket', (...args: readonly unknown[]) => {
    opened.push(String(args[4]));
    return Reflect.apply(open, receiver, args);
  });
  return opened;
}

/** What was heard next, without pauses: on a busy machine it may come in several parts. */
async function soundOf(heard: Inbox<Utterance>, packets: number): Promise<readonly Uint8Array[]> {
  const sound: Uint8Array[] = [];
  while (sound.length < packets)
    sound.push(...(await heard.take()).packets.filter((packet) => !silence.equals(packet)));
  return sound;
}

test('who has agreed is heard from the first packet to the last, once they have fallen silent', async () => {
  const { ann, heard, guild, lounge, room } = await listening();
  expect(room().isListening).toBe(true);
  await ann.speaks(words);
  expect(await heard.find()).toMatchObject({
    scope: guild.id,
    channel: lounge.id,
    member: ann.id,
    isCut: false,
  });
  expect(await soundOf(heard, words.length)).toEqual(words);
});

test('packets that nobody can open end neither what is said nor what is said afterwards', async () => {
  const { ann, heard, log } = await listening();
  await ann.speaks(words, { broken: [3, 4, 9] });
  expect(await soundOf(heard, 12)).toEqual(words.filter((_, index) => ![3, 4, 9].includes(index)));
  expect(log.all.filter(({ what }) => what === 'a packet was not understood')).toHaveLength(1);
  await ann.speaks(words);
  expect(await soundOf(heard, words.length)).toEqual(words);
});

test('of somebody who has not agreed not a packet is opened', async () => {
  const agreed = new Set<string>();
  const scene = await listening({ mayHear: async (_, member) => agreed.has(member) });
  const { ann, guild, lounge, heard, rooms, client } = scene;
  const ben = guild.addMember('Ben');
  agreed.add(ben.id);
  const come = next(client, Events.VoiceStateUpdate);
  ben.entersVoice(lounge);
  await come;
  const receiver = receiverOf(scene);
  const opened = openedBy(receiver);
  await Promise.all([ann.speaks(words), ben.speaks(words)]);
  expect(await soundOf(heard, words.length)).toEqual(words);
  expect(heard.all.every(({ member }) => member === ben.id)).toBe(true);
  expect([...receiver.subscriptions.keys()]).toEqual([ben.id]);
  expect(new Set(opened)).toEqual(new Set([ben.id]));

  // Who takes it back while they speak is not heard any more, and what they were saying is forgotten.
  const before = opened.length;
  const spoken = ben.speaks(words);
  await vi.waitFor(() => expect(opened.length).toBeGreaterThan(before), { interval: 5 });
  agreed.delete(ben.id);
  rooms.consentIs(guild.id, ben.id, false);
  const untilThen = opened.length;
  await spoken;
  expect(receiver.subscriptions.size).toBe(0);

  // Who agrees is heard from then on.
  agreed.add(ann.id);
  rooms.consentIs(guild.id, ann.id, true);
  const others = opusPackets(15, 9);
  await ann.speaks(others);
  expect(await soundOf(heard, others.length)).toEqual(others);
  expect(new Set(opened.slice(untilThen))).toEqual(new Set([ann.id]));
  expect(scene.discord.unexpected).toEqual([]);
});

test('who speaks on and on is heard in parts', async () => {
  const { ann, heard } = await listening({
    utteranceLimits: { silenceMs: 250, longestMs: 200, shortestMs: 20 },
  });
  await ann.speaks(opusPackets(25));
  const parts = [await heard.take(), await heard.take()];
  expect(parts.map(({ isCut }) => isCut)).toEqual([true, true]);
  const sound = parts.flatMap(({ packets }) => packets).filter((packet) => !silence.equals(packet));
  expect(sound).toEqual(opusPackets(25).slice(0, sound.length));
  for (const { packets } of parts) expect(packets.length).toBeLessThanOrEqual(10);
});

test('nobody is heard before they are asked to be, nor afterwards, nor a program', async () => {
  const { ann, guild, lounge, heard, room, client } = await listening();
  const deafened = next(client, Events.VoiceStateUpdate);
  await room().listen(false, by());
  await deafened;
  await ann.speaks(words);
  await room().listen(true, by());
  const radio = guild.addMember('Radio', { bot: true });
  radio.entersVoice(lounge);
  await radio.speaks(words);
  await ann.speaks(words.slice(0, 12));
  expect(await soundOf(heard, 12)).toEqual(words.slice(0, 12));
  expect(heard.all.every(({ member }) => member === ann.id)).toBe(true);
});

test('where the bot is nowhere it says that it hears nobody', async () => {
  const { room } = await voiceScene();
  await expect(room().listen(true, by())).rejects.toThrow('I am in no voice channel');
  expect(room().isListening).toBe(false);
});

test('it goes on to hear after its connection was made anew', async () => {
  const scene = await listening({ timing: { movedMs: 50 } });
  const joined = scene.server().sessions.all.length;
  scene.server().cut({ code: 4014 });
  await scene.server().sessions.find(() => scene.server().sessions.all.length > joined);
  await scene.ann.speaks(words);
  expect(await scene.heard.find()).toMatchObject({ member: scene.ann.id });
});
