import { access, chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Refusal } from '../../../../src/domain/refusal.ts';
import {
  isSilence,
  longestGap,
  lostPackets,
  reusedNonces,
} from '../../../stand-ins/discord/voice/heard-sound.ts';
import { temporaryDirectory } from '../../files/temporary-directory.ts';
import { by, kinds, nextSound, outcome, soundIn, voiceScene, words } from './scene.ts';
import { PacketVoice } from './spoken-packets.ts';

const SENTENCES = 'Whoever asks is heard. Whoever answers is heard as well. Nobody has to wait for the end.';

// The first here: the library would look for it once only.
test('no program is run to speak, for which everything else would have to wait', async () => {
  const directory = temporaryDirectory();
  const mark = join(directory, 'was-run');
  await writeFile(join(directory, 'ffmpeg'), `#!/bin/sh\ntouch '${mark}'\n`);
  await chmod(join(directory, 'ffmpeg'), 0o755);
  vi.stubEnv('PATH', `${directory}${delimiter}${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const scene = await voiceScene();
  expect(await outcome(scene, scene.speak(SENTENCES))).toMatchObject({ kind: 'spoken' });
  await expect(access(mark)).rejects.toThrow('ENOENT');
});

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

test('replies are heard one after the other, can be skipped and silenced, and are at some point too many', async () => {
  const scene = await voiceScene({ queueLimit: 2 });
  const first = scene.speak(words(100));
  await nextSound(scene);
  const [second, third, fourth] = ['One', 'Two', 'Three'].map((text) => scene.speak(text));
  expect(await outcome(scene, fourth ?? '')).toEqual({
    kind: 'dropped',
    answer: fourth,
    reason: 'queue_full',
  });
  expect(scene.room().skip(by())).toBe(true);
  expect(await outcome(scene, first)).toMatchObject({ kind: 'skipped' });
  expect(await outcome(scene, second ?? '')).toMatchObject({ kind: 'spoken' });
  expect(await outcome(scene, third ?? '')).toMatchObject({ kind: 'spoken' });
  const sound = soundIn(scene).map(({ opus }) => opus);
  expect(sound.slice(-4)).toEqual([...PacketVoice.packetsOf('One'), ...PacketVoice.packetsOf('Two')]);
  expect(sound.length).toBeLessThan(200);

  const loud = scene.speak(words(100));
  const waiting = scene.speak('Four');
  await nextSound(scene);
  expect(scene.room().silence(by())).toBe(2);
  for (const answer of [loud, waiting])
    expect(await outcome(scene, answer)).toEqual({ kind: 'dropped', answer, reason: 'silenced' });
  expect(scene.room().silence(by())).toBe(0);
  expect(scene.room().skip(by())).toBe(false);
});

test('while the next sentence is still being made, silence is sent and nothing is missed', async () => {
  const voice = new PacketVoice();
  const scene = await voiceScene({ voice });
  const answer = scene.speak('This is heard at once. This takes a while.');
  await nextSound(scene);
  voice.stalls = true;
  const session = scene.server().sessionOf(scene.guild.id);
  await session?.heard.find(isSilence);
  voice.stalls = false;
  expect(await outcome(scene, answer)).toMatchObject({ kind: 'spoken' });
  expect(soundIn(scene).map(({ opus }) => opus)).toEqual(
    PacketVoice.packetsOf('This is heard at once. This takes a while.'),
  );
});

test.for([
  { what: 'nothing can be heard of it', voice: new PacketVoice(), text: '🙂', reason: 'nothing_to_say' },
  { what: 'there is no voice', voice: null, text: 'Hello', reason: 'no_voice' },
  {
    what: 'the voice has a reason',
    voice: new PacketVoice({ fault: new Refusal('There is none here.') }),
    text: 'Hello',
    reason: 'no_voice',
  },
  {
    what: 'the voice breaks',
    voice: new PacketVoice({ fault: new Error('broken') }),
    text: 'Hello',
    reason: 'failed',
  },
])('a reply is dropped where $what, and the bot does not come for it', async ({ voice, text, reason }) => {
  const scene = await voiceScene({ voice });
  const answer = scene.speak(text);
  expect(await outcome(scene, answer)).toEqual({ kind: 'dropped', answer, reason });
  expect(scene.discord.calls.joins.all).toEqual([]);
});
