import { createSoundDecoder } from './adapters/audio/decoding/sound-decoder.ts';
import { createVoice } from './adapters/audio/voice.ts';
import type { Configuration } from './configuration.ts';
import type { SoundDecoder, Voice } from './domain/ports.ts';

/** As many megabytes as are taken of a file that is sent along, and no less. */
const MOST_MEGABYTES = 68;
const DECODING_SECONDS = 60;
const DECODING_THREADS = 1;
/** More at a time than people will wait for. */
const MOST_WAITING = 16;

export interface Sound {
  readonly voice: Voice;
  readonly decoder: SoundDecoder;
  close(): Promise<void>;
}

/** What speaks and what makes sound of files; null where voice is switched off. */
export function openSound({ voice: wish, voiceRecordingMinutes }: Configuration): Sound | null {
  if (wish === 'off') return null;
  const voice = createVoice();
  const decoder = createSoundDecoder({
    mostMegabytes: MOST_MEGABYTES,
    mostSeconds: voiceRecordingMinutes * 60,
    timeLimitSeconds: DECODING_SECONDS,
    threads: DECODING_THREADS,
    mostWaiting: MOST_WAITING,
  });
  return {
    voice,
    decoder,
    close: async () => {
      await Promise.all([voice.close(), decoder.close()]);
    },
  };
}
