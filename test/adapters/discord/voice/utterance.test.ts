import { expect, test } from 'vitest';
import { GatheredSpeech } from '../../../../src/adapters/discord/voice/utterance.ts';
import { silence } from '../../../stand-ins/discord/voice/heard-sound.ts';
import { opusPackets } from './spoken-packets.ts';

const [one, two, three, four] = opusPackets(4) as [Buffer, Buffer, Buffer, Buffer];

function gathered(...arrivals: readonly (readonly [packet: Buffer, at: number])[]): GatheredSpeech {
  const speech = new GatheredSpeech();
  for (const [packet, at] of arrivals) speech.add(packet, at);
  return speech;
}

test('a pause within is as long as it was', () => {
  const { packets } = gathered([one, 0], [two, 20], [three, 240], [four, 260]);
  expect(packets).toEqual([one, two, ...Array.from({ length: 10 }, () => silence), three, four]);
});

test('packets that are held up and come all at once make no pause', () => {
  expect(gathered([one, 0], [two, 60], [three, 60], [four, 60]).packets).toEqual([one, two, three, four]);
});

test('the silence at the end is no part of it', () => {
  const speech = gathered([one, 0], [two, 20], [silence, 40], [silence, 60]);
  expect(speech.packets).toEqual([one, two]);
  expect(speech.soundMs).toBe(40);
});
