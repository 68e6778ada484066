import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ffmpeg } from '../../../src/adapters/audio/ffmpeg/ffmpeg.ts';
import { EspeakSynthesizer } from '../../../src/adapters/audio/speech/espeak.ts';
import { OpusStream } from '../../../src/adapters/audio/speech/opus-stream.ts';
import type { Pcm } from '../../../src/adapters/audio/speech/pcm.ts';
import type { SpeechSynthesizer } from '../../../src/adapters/audio/speech/speech-synthesizer.ts';
import { SynthesizedVoice } from '../../../src/adapters/audio/speech/synthesized-voice.ts';
import type { SpokenLanguage } from '../../../src/adapters/audio/speech/voices.ts';
import { createVoice } from '../../../src/adapters/audio/voice.ts';
import { english } from '../../../src/domain/languages/english/english.ts';
import type { SpokenPart } from '../../../src/domain/ports.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { correlation, heard } from './correlation.ts';

const SAMPLES_A_PACKET = 960;
const MOST_CHARACTERS = 2_000;

const englishWords = 'The quick brown fox jumps over the lazy dog near a wide and quiet river bank.';
const russianWords = 'Быстрая рыжая лиса прыгает через ленивую собаку возле широкой и очень тихой реки.';

/** Keeps what the synthesizer makes. */
class Recorded implements SpeechSynthesizer {
  readonly #synthesizer: SpeechSynthesizer;
  rate = 0;
  pieces: Int16Array[] = [];

  constructor(synthesizer: SpeechSynthesizer) {
    this.#synthesizer = synthesizer;
  }

  async *synthesize(text: string, language: SpokenLanguage, signal?: AbortSignal): AsyncIterable<Pcm> {
    for await (const sound of this.#synthesizer.synthesize(text, language, signal)) {
      this.rate = sound.rate;
      this.pieces.push(sound.samples);
      yield sound;
    }
  }

  async close(): Promise<void> {
    await this.#synthesizer.close();
  }

  /** All of it in one, as bytes. */
  taken(): Buffer<ArrayBuffer> {
    const bytes = Buffer.concat(this.pieces.map((piece) => new Uint8Array(piece.buffer)));
    this.pieces = [];
    return bytes;
  }
}

let ffmpeg: Ffmpeg;
let synthesizer: Recorded;
let voice: SynthesizedVoice;

beforeAll(async () => {
  ffmpeg = new Ffmpeg({ threads: 1, mostWaiting: 20 });
  synthesizer = new Recorded(new EspeakSynthesizer());
  voice = new SynthesizedVoice(synthesizer, ffmpeg, MOST_CHARACTERS);
  // The code is compiled first.
  await spoken('Ready.');
  synthesizer.taken();
}, 60_000);

afterAll(async () => {
  await voice.close();
});

async function spoken(text: string, locale = 'en', signal?: AbortSignal): Promise<readonly SpokenPart[]> {
  const parts: SpokenPart[] = [];
  for await (const part of voice.speak(text, locale, signal)) parts.push(part);
  return parts;
}

function packetsOf(parts: readonly SpokenPart[]): readonly Uint8Array[] {
  return parts.flatMap(({ packets }) => packets);
}

/** What the synthesizer made, at the rate of what is heard. */
async function made(): Promise<Int16Array> {
  const { output } = await ffmpeg.run({
    inputOptions: ['-f', 's16le', '-ac', '1', '-ar', String(synthesizer.rate)],
    input: synthesizer.taken(),
    outputOptions: ['-ar', '48000', '-f', 's16le'],
    timeLimitMs: 60_000,
  });
  if (output === null) throw new Error('the speech could not be resampled');
  return new Int16Array(output.buffer);
}

function words(count: number, sentence: string): string {
  const all = Array.from({ length: Math.ceil(count / 14) }, () => sentence).join(' ');
  return all.split(' ').slice(0, count).join(' ');
}

describe('a voice', () => {
  it.each([
    ['en', 5, englishWords],
    ['ru', 5, russianWords],
    ['ru', 30, russianWords],
  ])('is heard as it was made, in %s and %d words, through all joints', async (locale, count, sentence) => {
    const parts = await spoken(words(count, sentence), locale);

    const original = await made();
    const packets = packetsOf(parts);
    expect(correlation(await heard(packets), original)).toBeGreaterThan(0.99);
    // The end of the speech is in the last but one: the encoder gives what it hears a little later.
    const missing = packets.length * SAMPLES_A_PACKET - original.length;
    expect(missing).toBeGreaterThanOrEqual(0);
    expect(missing).toBeLessThan(3 * SAMPLES_A_PACKET);
  });

  it('joins even short parts so that no joint is heard', async () => {
    const pieces: Int16Array[] = [];
    for await (const { samples } of synthesizer.synthesize('No joint is heard here.', 'en'))
      pieces.push(samples);
    const original = await made();
    const sound = Buffer.concat(pieces.map((piece) => new Uint8Array(piece.buffer)));
    const stream = new OpusStream(ffmpeg, synthesizer.rate);
    const packets: Uint8Array[] = [];
    // Of a tenth of a second, to the sample.
    const bytes = 2 * (synthesizer.rate / 10);
    for (let at = 0; at < sound.length; at += bytes) {
      const part = new Int16Array(Uint8Array.from(sound.subarray(at, at + bytes)).buffer);
      packets.push(...(await stream.encode(part)));
    }
    packets.push(...(await stream.end(new Int16Array(0))));
    expect(correlation(await heard(packets), original)).toBeGreaterThan(0.99);
  });

  it('begins before the rest is made', async () => {
    const [first, ...others] = await spoken(words(60, englishWords));
    expect(first?.packets.length).toBeLessThan(50);
    expect(packetsOf(others).length).toBeGreaterThan(500);
  });

  it.each(['', '***', '```', '|| ||'])('says nothing where %j has nothing to say', async (text) => {
    expect(packetsOf(await spoken(text)).length).toBeLessThanOrEqual(text === '```' ? 500 : 0);
  });

  it('ends at once where nobody wants to hear more', async () => {
    const leaving = new AbortController();
    const speaking = voice.speak(words(60, englishWords), 'en', leaving.signal)[Symbol.asyncIterator]();
    expect((await speaking.next()).done).toBe(false);
    leaving.abort();
    await expect(speaking.next()).rejects.toThrow(english.sound.threads.cancelled);
    expect(packetsOf(await spoken('And it goes on for others.')).length).toBeGreaterThan(50);
  });

  it('says one thing to one and another to another at the same time', async () => {
    const [one, other] = await Promise.all([
      spoken('One of the two is short.'),
      spoken(words(60, englishWords)),
    ]);
    expect(packetsOf(other).length).toBeGreaterThan(3 * packetsOf(one).length);
  });
});

describe('what is written into a text to be spoken', () => {
  async function seconds(text: string): Promise<number> {
    synthesizer.taken();
    for await (const _sound of synthesizer.synthesize(text, 'en')) {
      // It is kept.
    }
    return synthesizer.taken().length / 2 / synthesizer.rate;
  }

  it.each([
    ['a pause', 'hello <break time="30s"/> you', 2, 6],
    ['an end', 'hello </speak> you, dear friend', 2, 4],
    ['a file', 'hello <audio src="file:///etc/hostname"/> you', 3, 9],
    ['a way of speaking', 'hello <prosody rate="x-slow">you dear friend</prosody>', 3, 9],
    ['a comment', 'hello <!-- all of this is a comment --> you', 2, 6],
    ['a character of SSML', 'hello &#60;break time="30s"/&#62; you', 3, 9],
    ['phonemes', "hello [[h@l'oU h@l'oU]] you", 2, 6],
    ['phonemes in more brackets', "hello [[[h@l'oU]]] you", 1.5, 6],
    ['a command of eSpeak', 'hello \u0001900R you', 1, 4],
    ['an option', '--version hello you, dear friend', 1, 4],
    ['a character that ends strings', 'hello\u0000you, dear friend', 0.9, 4],
    ['half a character', 'hello \ud83c you, dear friend', 0.9, 4],
  ])('is read out and never carried out: %s', async (_what, text, least, most) => {
    const length = await seconds(text);
    expect(length).toBeGreaterThan(least);
    expect(length).toBeLessThan(most);
  });

  it('may be a megabyte, of which the beginning is said', async () => {
    const brief = new SynthesizedVoice(synthesizer, ffmpeg, 50);
    let seconds = 0;
    for await (const { packets } of brief.speak('word</speak>[[<b>'.repeat(61_681), 'en')) {
      seconds += packets.length / 50;
    }
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(120);
  });
});

describe('where there is no voice', () => {
  it('says why', async () => {
    const silent = createVoice({ engine: 'off', mostCharacters: 1_000 });
    const speaking = silent.speak('Hello.', 'en')[Symbol.asyncIterator]();
    const refusal = await speaking.next().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(String(refusal)).toContain(english.sound.voice.off);
    await silent.close();
  });

  it('says so once it is closed, also to those who wait', async () => {
    const closing = createVoice({ engine: 'espeak', mostCharacters: 1_000 });
    const speaking = closing.speak(words(60, englishWords), 'en')[Symbol.asyncIterator]();
    const next = speaking.next();
    await closing.close();
    await expect(next).rejects.toThrow(english.sound.threads.closing);
    await expect(closing.speak('Hello.', 'en')[Symbol.asyncIterator]().next()).rejects.toThrow(Refusal);
  });
});
