import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClosableSoundDecoder,
  createSoundDecoder,
} from '../../../src/adapters/audio/decoding/sound-decoder.ts';
import { oggPackets } from '../../../src/adapters/audio/ogg/ogg-packets.ts';
import { opusFile, samplesOf } from '../../../src/adapters/audio/ogg/opus-file.ts';
import { english } from '../../../src/domain/languages/english/english.ts';
import { correlation, samplesOfWav } from './correlation.ts';
import { SoundFiles, tone } from './sound-files.ts';

let decoder: ClosableSoundDecoder;
let packets: readonly Uint8Array[];

beforeAll(async () => {
  decoder = createSoundDecoder({
    mostMegabytes: 1,
    mostSeconds: 60,
    timeLimitSeconds: 60,
    threads: 1,
    mostWaiting: 10,
  });
  const files = new SoundFiles();
  packets = await oggPackets(await files.make('voice.ogg', 2));
  await files.close();
}, 60_000);

afterAll(async () => {
  await decoder.close();
});

describe('what a member said, in packets', () => {
  it('becomes a WAV file that sounds the same', async () => {
    const { wav, durationMs, isCut } = await decoder.decodePackets(packets);
    expect(isCut).toBe(false);
    expect(Math.abs(durationMs - packets.length * 20)).toBeLessThan(40);
    expect(correlation(samplesOfWav(wav), tone(2, 16_000))).toBeGreaterThan(0.99);
  });

  it('is heard without what was broken on its way', async () => {
    const damaged = packets.map((packet, index) =>
      index % 25 === 10 ? new Uint8Array([0xff, 0xff, 1, 2, 3]) : packet,
    );
    const { durationMs } = await decoder.decodePackets(damaged);
    expect(durationMs).toBeGreaterThan(1_500);
  });

  it.each([
    ['there is none', []],
    ['none can be understood', Array.from({ length: 20 }, () => new Uint8Array([0xff, 0xff, 1, 2, 3]))],
    ['all are empty', [new Uint8Array(0), new Uint8Array(0)]],
  ])('is refused where %s', async (_what, nothing) => {
    await expect(decoder.decodePackets(nothing)).rejects.toThrow(english.sound.files.nothingHeard);
  });
});

describe('a file made of packets', () => {
  it('gives back the same packets, of any length', async () => {
    const some = [1, 254, 255, 256, 510, 1_275, 65_000].map((length) => new Uint8Array(length).fill(length));
    const read = await oggPackets(opusFile(some));
    expect(read.map((packet) => Buffer.from(packet))).toEqual(some.map((packet) => Buffer.from(packet)));
  });

  it('counts time as packets do', () => {
    // TOC bytes of RFC 6716: SILK 10 and 60 ms, hybrid 20 ms, CELT 2.5 and 20 ms; two frames; three frames.
    const tocs = [[0], [3 << 3], [13 << 3], [16 << 3], [31 << 3], [(31 << 3) | 1], [(31 << 3) | 3, 3]];
    expect(tocs.map((toc) => samplesOf(Uint8Array.from(toc)))).toEqual([
      480, 2_880, 960, 120, 960, 1_920, 2_880,
    ]);
  });
});
