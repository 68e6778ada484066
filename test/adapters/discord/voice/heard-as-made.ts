import { expect } from 'vitest';
import { Ffmpeg } from '../../../../src/adapters/audio/ffmpeg/ffmpeg.ts';
import { EspeakSynthesizer } from '../../../../src/adapters/audio/speech/espeak.ts';
import type { Pcm } from '../../../../src/adapters/audio/speech/pcm.ts';
import type { SpeechSynthesizer } from '../../../../src/adapters/audio/speech/speech-synthesizer.ts';
import { SynthesizedVoice } from '../../../../src/adapters/audio/speech/synthesized-voice.ts';
import type { SpokenLanguage } from '../../../../src/adapters/audio/speech/voices.ts';
import { Niceness } from '../../../../src/adapters/audio/thread-priority.ts';
import type { Language } from '../../../../src/domain/languages/languages.ts';
import type { SpokenPart, Voice } from '../../../../src/domain/ports.ts';
import type { VoiceHappening } from '../../../../src/domain/voice.ts';
import {
  decoded,
  type HeardPacket,
  lostPackets,
  reusedNonces,
} from '../../../stand-ins/discord/voice/heard-sound.ts';
import { correlation } from '../../audio/correlation.ts';
import { voiceScene } from './scene.ts';

const MOST_CHARACTERS = 2_000;

const SENTENCES = {
  en: 'The quick brown fox jumps over the lazy dog near a wide and quiet river bank.',
  ru: 'Быстрая рыжая лиса прыгает через ленивую собаку возле широкой и очень тихой реки.',
};

/** Keeps what is made before it is encoded. */
class KeepingSynthesizer implements SpeechSynthesizer {
  readonly pieces: Pcm[] = [];
  readonly #synthesizer = new EspeakSynthesizer();

  async *synthesize(text: string, language: SpokenLanguage, signal?: AbortSignal): AsyncIterable<Pcm> {
    for await (const piece of this.#synthesizer.synthesize(text, language, signal)) {
      this.pieces.push(piece);
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.#synthesizer.close();
  }
}

/** Says a text once all of it is made, so that a busy machine makes no pause in it. */
class PatientVoice implements Voice {
  readonly #voice: Voice;

  constructor(voice: Voice) {
    this.#voice = voice;
  }

  async *speak(text: string, language: Language, signal?: AbortSignal): AsyncIterable<SpokenPart> {
    const parts: SpokenPart[] = [];
    for await (const part of this.#voice.speak(text, language, signal)) parts.push(part);
    yield* parts;
  }
}

/**
 * Lets the bot say so many words, and holds what a listener hears against what the synthesizer made.
 * @param isPatient whether all of it is made before the first is heard
 */
export async function isHeardAsMade(
  language: keyof typeof SENTENCES,
  count: number,
  { isPatient }: { readonly isPatient: boolean },
): Promise<readonly HeardPacket[]> {
  const ffmpeg = new Ffmpeg({ threads: 1, mostWaiting: 64, niceness: Niceness.speaking });
  const synthesizer = new KeepingSynthesizer();
  const voice = new SynthesizedVoice(synthesizer, ffmpeg, MOST_CHARACTERS);
  try {
    const ended = Promise.withResolvers<VoiceHappening>();
    const scene = await voiceScene({
      voice: isPatient ? new PatientVoice(voice) : voice,
      report: ({ happening }) => {
        if (happening.kind === 'spoken' || happening.kind === 'dropped') ended.resolve(happening);
      },
    });
    scene.speak(words(SENTENCES[language], count), language);
    expect(await ended.promise).toMatchObject({ kind: 'spoken' });
    const packets = scene.server().sessionOf(scene.guild.id)?.heard.all ?? [];
    expect(lostPackets(packets)).toBe(0);
    expect(reusedNonces(packets)).toBe(0);
    const made = await resampled(ffmpeg, synthesizer.pieces);
    expect(correlation(await decoded(packets), made)).toBeGreaterThanOrEqual(0.99);
    return packets;
  } finally {
    await voice.close();
    await ffmpeg.close();
  }
}

function words(sentence: string, count: number): string {
  const all = Array.from({ length: count }, () => sentence).join(' ');
  return all.split(' ').slice(0, count).join(' ');
}

/** At the rate of what is heard. */
async function resampled(ffmpeg: Ffmpeg, pieces: readonly Pcm[]): Promise<Int16Array> {
  const bytes = Buffer.concat(pieces.map(({ samples }) => new Uint8Array(samples.buffer)));
  const { output } = await ffmpeg.run({
    inputOptions: ['-f', 's16le', '-ac', '1', '-ar', String(pieces[0]?.rate)],
    input: bytes,
    outputOptions: ['-ar', '48000', '-f', 's16le'],
    timeLimitMs: 60_000,
  });
  if (output === null) throw new Error('The speech could not be resampled.');
  return new Int16Array(output.buffer);
}
