import { z } from 'zod';
import { setting, WholeNumber } from '../setting.ts';
import type { SoundDecoderOptions } from './decoding/sound-decoder.ts';
import { voiceEngines } from './speech/voice-engine.ts';
import type { VoiceOptions } from './voice.ts';

const MOST_SOUNDS_WAITING = 32;

/** Everything that can be set for speech that is made and sound that people send. */
export const audioSettings = {
  voiceEngine: setting(z.enum(voiceEngines).default('auto'), {
    variable: 'VOICE_ENGINE',
    purpose:
      'what speaks: espeak (in the bot itself), system (a voice of the machine), off, or auto for the first that there is',
    allowed: 'auto, espeak, system or off',
  }),
  voiceMostCharacters: setting(WholeNumber(100, 10_000).default(1_500), {
    variable: 'VOICE_MOST_CHARACTERS',
    purpose: 'how many characters of an answer are spoken; the rest can be read',
    allowed: 'a whole number from 100 to 10000',
  }),
  // Discord's files are fetched up to 64 MiB.
  soundMostMegabytes: setting(WholeNumber(1, 64).default(25), {
    variable: 'SOUND_MOST_MEGABYTES',
    purpose: 'how large a voice message or a file of sound may be',
    allowed: 'a whole number from 1 to 64',
  }),
  // As WAV, servers that write down speech take 25 MiB, which are 819 seconds.
  soundMostSeconds: setting(WholeNumber(1, 800).default(600), {
    variable: 'SOUND_MOST_SECONDS',
    purpose: 'how much of a voice message or a file of sound is heard; what goes on longer is cut',
    allowed: 'a whole number from 1 to 800',
  }),
  soundTimeLimitSeconds: setting(WholeNumber(1, 3_600).default(60), {
    variable: 'SOUND_TIME_LIMIT_SECONDS',
    purpose: 'how long the reading of a file of sound may take before it is given up',
    allowed: 'a whole number from 1 to 3600',
  }),
  soundThreads: setting(WholeNumber(1, 16).default(2), {
    variable: 'SOUND_THREADS',
    purpose: 'how many files of sound are read at the same time',
    allowed: 'a whole number from 1 to 16',
  }),
};

/** As the settings of these names hold. */
export type AudioConfiguration = {
  readonly [Name in keyof typeof audioSettings]: z.infer<(typeof audioSettings)[Name]['schema']>;
};

export function voiceOptions(configuration: AudioConfiguration): VoiceOptions {
  return { engine: configuration.voiceEngine, mostCharacters: configuration.voiceMostCharacters };
}

export function soundDecoderOptions(configuration: AudioConfiguration): SoundDecoderOptions {
  return {
    mostMegabytes: configuration.soundMostMegabytes,
    mostSeconds: configuration.soundMostSeconds,
    timeLimitSeconds: configuration.soundTimeLimitSeconds,
    threads: configuration.soundThreads,
    mostWaiting: MOST_SOUNDS_WAITING,
  };
}
