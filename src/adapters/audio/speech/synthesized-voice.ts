import type { SpokenPart, Voice } from '../../../domain/ports.ts';
import { speakableSentences } from '../../../domain/speakable.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { OpusStream } from './opus-stream.ts';
import { SoundQueue } from './sound-queue.ts';
import type { SpeechSynthesizer } from './speech-synthesizer.ts';
import { type SpokenLanguage, spokenLanguageOf } from './voices.ts';

const FIRST_PART_SECONDS = 0.5;
const GROWTH = 4;
const LONGEST_PART_SECONDS = 8;

/** From a text to packets: sentence by sentence to sound, and the sound as one stream to packets. */
export class SynthesizedVoice implements Voice {
  readonly #synthesizer: SpeechSynthesizer;
  readonly #encoder: Ffmpeg;
  readonly #mostCharacters: number;

  constructor(synthesizer: SpeechSynthesizer, encoder: Ffmpeg, mostCharacters: number) {
    this.#synthesizer = synthesizer;
    this.#encoder = encoder;
    this.#mostCharacters = mostCharacters;
  }

  async *speak(text: string, locale: string, signal?: AbortSignal): AsyncIterable<SpokenPart> {
    const sentences = speakableSentences(text, { locale, mostCharacters: this.#mostCharacters });
    const leaving = new AbortController();
    const ended = AbortSignal.any([leaving.signal, ...(signal === undefined ? [] : [signal])]);
    const sound = new SoundQueue();
    void this.#synthesize(sentences, spokenLanguageOf(locale), sound, ended);
    try {
      yield* this.#encode(sound, ended);
    } finally {
      leaving.abort();
    }
  }

  /** Twice at the same time, so that more than one encoder is made ready. */
  async prepare(): Promise<void> {
    await Promise.all([this.#sayNothing(), this.#sayNothing()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#synthesizer.close(), this.#encoder.close()]);
  }

  async #sayNothing(): Promise<void> {
    for await (const _part of this.speak('Ready.', 'en')) {
      // Nobody hears it.
    }
  }

  async #synthesize(
    sentences: readonly string[],
    language: SpokenLanguage,
    sound: SoundQueue,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (const sentence of sentences) {
        for await (const piece of this.#synthesizer.synthesize(sentence, language, signal)) sound.push(piece);
        await sound.room();
      }
      sound.end();
    } catch (error) {
      sound.fail(error);
    }
  }

  /** Ever more at a time: the first is heard soon, and what follows is there before it is needed. */
  async *#encode(sound: SoundQueue, signal: AbortSignal): AsyncIterable<SpokenPart> {
    let stream: OpusStream | null = null;
    let seconds = FIRST_PART_SECONDS;
    for (;;) {
      const taken = await sound.take(seconds);
      const samples = taken?.samples ?? new Int16Array(0);
      if (taken !== null) stream ??= new OpusStream(this.#encoder, taken.rate);
      if (stream === null) return;
      const isLast = taken?.isLast ?? true;
      const packets = isLast ? await stream.end(samples, signal) : await stream.encode(samples, signal);
      if (packets.length > 0) yield { packets };
      if (isLast) return;
      seconds = Math.min(GROWTH * seconds, LONGEST_PART_SECONDS);
    }
  }
}
