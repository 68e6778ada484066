import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ClosableSoundDecoder,
  createSoundDecoder,
} from '../../../src/adapters/audio/decoding/sound-decoder.ts';
import { english } from '../../../src/domain/languages/english/english.ts';
import { russian } from '../../../src/domain/languages/russian/russian.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { correlation, samplesOfWav } from './correlation.ts';
import { type Kind, kinds, SoundFiles, sourceFile, tone } from './sound-files.ts';

const LIMITS = { mostMegabytes: 1, mostSeconds: 4, timeLimitSeconds: 30, threads: 2, mostWaiting: 20 };

const files = new SoundFiles();
let decoder: ClosableSoundDecoder;
const made = new Map<Kind, Uint8Array<ArrayBuffer>>();

beforeAll(async () => {
  decoder = createSoundDecoder(LIMITS);
  for (const kind of Object.keys(kinds) as Kind[]) made.set(kind, await files.make(kind));
}, 60_000);

afterAll(async () => {
  await Promise.all([decoder.close(), files.close()]);
});

function file(kind: Kind): Uint8Array<ArrayBuffer> {
  const content = made.get(kind);
  if (content === undefined) throw new Error(`there is no ${kind}`);
  return content;
}

async function refusal(path: string, content: Uint8Array, bytes?: number): Promise<Refusal> {
  const outcome = await decoder.decode(sourceFile(path, content, bytes)).catch((error: unknown) => error);
  if (!(outcome instanceof Refusal)) throw new Error(`${path} was not refused: ${String(outcome)}`);
  return outcome;
}

describe('a file of sound', () => {
  it.each(Object.keys(kinds) as Kind[])('%s becomes a WAV file as servers understand it', async (kind) => {
    const { wav, durationMs, isCut } = await decoder.decode(sourceFile(kind, file(kind)));

    const samples = samplesOfWav(wav);
    expect(isCut).toBe(false);
    expect(durationMs).toBe(Math.round(samples.length / 16));
    expect(Math.abs(durationMs - 3_000)).toBeLessThan(150);
    expect(correlation(samples, tone(3, 16_000))).toBeGreaterThan(0.99);
  });

  it('is read by what it is, whatever its name says', async () => {
    const { durationMs } = await decoder.decode(sourceFile('song.mp3', file('plain.wav')));
    expect(durationMs).toBe(3_000);
  });

  it.each([
    ['the name of a damage', 'Truncated Cone, and how corrupt officials work'],
    ['a duration', 'Duration: 00:59:00.00, start: 0'],
    [
      'lines as ffmpeg writes them',
      '[a @ 0x1] corrupt\n  Duration: 00:59:00.00, \n    Stream #0:5: Video: x',
    ],
    ['what is said of a file without sound', "Stream map '0:a:0' matches no streams."],
    ['a text of many lines', Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n')],
  ])('may have %s for its title', async (_what, title) => {
    const { durationMs } = await decoder.decode(sourceFile('a.wav', await files.titled(title)));
    expect(durationMs).toBe(3_000);
  });

  it('is refused where it ends too early, whatever its title says', async () => {
    const titled = await files.titled('a song\n'.repeat(300));
    const cut = titled.subarray(0, Math.floor(titled.length * 0.6));
    expect((await refusal('a.wav', cut)).message).toBe(english.sound.files.cutOff({ file: 'a.wav' }));
  });

  it('may be a video', async () => {
    const { durationMs } = await decoder.decode(sourceFile('clip.mp4', await files.video('with sound')));
    expect(Math.abs(durationMs - 2_000)).toBeLessThan(100);
  });

  it('is cut where it goes on after the limit', async () => {
    const { wav, durationMs, isCut } = await decoder.decode(
      sourceFile('long.mp3', await files.make('song.mp3', 6)),
    );
    expect({ durationMs, isCut, bytes: wav.length }).toEqual({
      durationMs: 4_000,
      isCut: true,
      bytes: 44 + 4 * 32_000,
    });
  });
});

describe('a file that is no sound', () => {
  const named = { file: 'a.mp3' };
  const { files: sentences } = english.sound;

  it('is refused where it is empty', async () => {
    expect((await refusal('a.mp3', new Uint8Array(0))).message).toBe(sentences.empty(named));
  });

  it('is refused where it is too large, also where it does not say so', async () => {
    const tooLarge = sentences.tooLarge({ ...named, megabytes: 1 });
    expect((await refusal('a.mp3', new Uint8Array(10), 2_000_000)).message).toBe(tooLarge);
    expect((await refusal('a.mp3', new Uint8Array(1_000_001), 10)).message).toBe(tooLarge);
  });

  it.each([
    ['text', new TextEncoder().encode('Hello, this is a text.\n'.repeat(400))],
    ['a web page', new TextEncoder().encode('<html><body>Hello</body></html>'.repeat(50))],
    ['a playlist', new TextEncoder().encode('#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n')],
    ['a list of files', new TextEncoder().encode("ffconcat version 1.0\nfile '/input'\n")],
    ['zeros', new Uint8Array(20_000)],
    ['noise', createNoise(50_000)],
    ['one byte', new Uint8Array(1)],
  ])('is refused where it is %s, by the name it has', async (_what, content) => {
    expect((await refusal('a.mp3', content)).message).toBe(
      sentences.otherThanNamed({ ...named, type: 'MP3' }),
    );
  });

  it('is refused where its name promises nothing', async () => {
    const content = new TextEncoder().encode('Hello.');
    expect((await refusal('a.bin', content)).message).toBe(sentences.notSound({ file: 'a.bin' }));
  });

  it('is refused where it is a video without sound', async () => {
    const video = await files.video('without sound');
    expect((await refusal('a.mp4', video)).message).toBe(sentences.silentVideo({ file: 'a.mp4' }));
  });

  it.each([
    'voice.ogg',
    'song.mp3',
    'memo.m4a',
    'plain.wav',
    'browser.webm',
    'lossless.flac',
    'radio.aac',
  ] as const)('is refused where %s is cut off, though ffmpeg takes it', async (kind) => {
    const whole = file(kind);
    const cut = whole.subarray(0, Math.floor(whole.length * 0.6));
    expect((await refusal(kind, cut)).message).toBe(sentences.cutOff({ file: kind }));
  });

  it('is refused where it is encrypted, in both languages', async () => {
    const encrypted = await refusal('memo.m4a', await files.encrypted());
    expect(encrypted.message).toBe(sentences.encrypted({ file: 'memo.m4a' }));
    expect(encrypted.inWords(russian)).toBe(russian.sound.files.encrypted({ file: 'memo.m4a' }));
  });
});

function createNoise(bytes: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(`noise ${index}`).digest(),
  );
  return Buffer.concat(blocks);
}
