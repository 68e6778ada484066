import { createSoundDecoder } from './adapters/audio/decoding/sound-decoder.ts';
import { soundDecoderOptions, voiceOptions } from './adapters/audio/settings.ts';
import { createVoice } from './adapters/audio/voice.ts';
import type { Configuration } from './configuration.ts';
import type { Log, SoundDecoder, Voice } from './domain/ports.ts';
import { Refusal } from './domain/refusal.ts';

export interface Sound {
  readonly voice: Voice;
  readonly decoder: SoundDecoder;
  close(): Promise<void>;
}

/** What speaks and what makes sound of files; null where voice is switched off. */
export function openSound(configuration: Configuration, log: Log): Sound | null {
  if (configuration.voice === 'off') return null;
  const voice = createVoice(voiceOptions(configuration));
  const decoder = createSoundDecoder(soundDecoderOptions(configuration));
  // So that the first answer does not wait for it; whoever asks is told why there is none.
  voice.prepare().catch((error: unknown) => {
    if (error instanceof Refusal) log.warn('there is no voice', { reason: error.message });
    else log.error('the voice cannot be prepared', error);
  });
  return {
    voice,
    decoder,
    close: async () => {
      await Promise.all([voice.close(), decoder.close()]);
    },
  };
}
