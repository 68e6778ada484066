import type { Voice } from '../../domain/ports.ts';
import { Ffmpeg } from './ffmpeg/ffmpeg.ts';
import { synthesizerOf } from './speech/engines.ts';
import { SynthesizedVoice } from './speech/synthesized-voice.ts';
import type { VoiceEngine } from './speech/voice-engine.ts';
import { Niceness } from './thread-priority.ts';

/** While one makes itself ready again, the other goes on. */
const ENCODERS = 2;
const MOST_ENCODINGS_WAITING = 64;

/** A voice with threads of its own. */
export interface ClosableVoice extends Voice {
  /** Starts its threads, so that the first answer is heard as soon as the later ones. @throws Refusal as speak does */
  prepare(): Promise<void>;
  /** Ends what is being said, with a Refusal to whoever waits for it. */
  close(): Promise<void>;
}

export interface VoiceOptions {
  readonly engine: VoiceEngine;
  /** Of a text that is spoken; after them comes a note that there is more to read. */
  readonly mostCharacters: number;
}

export function createVoice({ engine, mostCharacters }: VoiceOptions): ClosableVoice {
  const encoder = new Ffmpeg({
    threads: ENCODERS,
    mostWaiting: MOST_ENCODINGS_WAITING,
    niceness: Niceness.speaking,
  });
  return new SynthesizedVoice(synthesizerOf(engine, encoder), encoder, mostCharacters);
}
