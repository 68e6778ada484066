import { expect } from 'vitest';
import { nextSound, outcome, type Scene, soundIn, voiceScene, words } from './scene.ts';
import { PacketVoice } from './spoken-packets.ts';

/** Of 0.8 s. */
const REPLY = words(20);

/** In the middle of a reply. */
export async function speaking(options?: Parameters<typeof voiceScene>[0]) {
  const scene = await voiceScene(options);
  const answer = scene.speak(REPLY);
  await nextSound(scene);
  return { scene, answer };
}

/** The bot says something new, and it is heard as it was made. */
export async function isHeardAgain(scene: Scene): Promise<void> {
  const text = 'Here I am again';
  expect(await outcome(scene, scene.speak(text))).toMatchObject({ kind: 'spoken' });
  const packets = PacketVoice.packetsOf(text);
  const sound = soundIn(scene).map(({ opus }) => opus);
  expect(sound.slice(-packets.length)).toEqual(packets);
}
