import { createSoundDecoder } from './adapters/audio/decoding/sound-decoder.ts';
import { soundDecoderOptions, voiceOptions } from './adapters/audio/settings.ts';
import { createVoice } from './adapters/audio/voice.ts';
import type { Configuration } from './configuration.ts';
import type { SoundDecoder, Voice } from './domain/ports.ts';

export interface Sound {
  readonly voice: Voice;
  readonly decoder: SoundDecoder;
  close(): Promise<void>;
}

/** What speaks and what makes sound of files; null where voice is switched off. */
export function openSound(configuration: Configuration): Sound | null {
  if (configuration.voice === 'off') return null;
  const voice = createVoice(voiceOptions(configuration));
  const decoder = createSoundDecoder(soundDecoderOptions(configuration));
  return {
    voice,
    decoder,
    close: async () => {
      await Promise.all([voice.close(), decoder.close()]);
    },
  };
}
