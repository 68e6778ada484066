import { expect, test } from 'vitest';
import { longestGap, lostPackets, reusedNonces } from '../../../stand-ins/discord/voice/heard-sound.ts';
import { by, kinds, outcome, soundIn, voiceScene } from './scene.ts';
import { PacketVoice } from './spoken-packets.ts';

const SENTENCES = 'Whoever asks is heard. Whoever answers is heard as well. Nobody has to wait for the end.';

test('an answer is heard as it was made, in the channel where the member sits, and the bot stays there', async () => {
  const scene = await voiceScene();
  const answer = scene.speak(SENTENCES);
  const packets = PacketVoice.packetsOf(SENTENCES);
  expect(await outcome(scene, answer)).toEqual({ kind: 'spoken', answer, durationMs: packets.length * 20 });
  const sound = soundIn(scene);
  expect(sound.map(({ opus }) => opus)).toEqual(packets);
  const { heard } = await scene.server().sessions.find();
  expect(lostPackets(heard.all)).toBe(0);
  expect(reusedNonces(heard.all)).toBe(0);
  expect(kinds(scene)).toEqual(['queued', 'joined to_speak', 'spoken']);
  expect(scene.room().channel).toBe(scene.lounge.id);
  expect(longestGap(heard.all)).toBeLessThan(500);
});

test('the bot comes when it is called and goes when it is sent away', async () => {
  const scene = await voiceScene();
  await scene.join();
  expect(scene.guild.botsVoiceChannel).toBe(scene.lounge.id);
  expect(await scene.room().leave(by())).toBe(true);
  expect(await scene.room().leave(by())).toBe(false);
  await scene.server().closes.find();
  expect(scene.guild.botsVoiceChannel).toBeNull();
  expect(kinds(scene)).toEqual(['joined asked', 'left asked']);
});
