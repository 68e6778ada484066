import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { EspeakSynthesizer } from './espeak.ts';
import { ESPEAK_PACKAGE, hasEspeak } from './espeak-package.ts';
import { systemVoiceOf } from './say-platforms.ts';
import { SilentSynthesizer } from './silent-synthesizer.ts';
import type { SpeechSynthesizer } from './speech-synthesizer.ts';
import { SystemSynthesizer } from './system-synthesizer.ts';
import type { VoiceEngine } from './voice-engine.ts';

/** @param ffmpeg for engines that write files */
export function synthesizerOf(engine: VoiceEngine, ffmpeg: Ffmpeg): SpeechSynthesizer {
  switch (engine) {
    case 'auto':
      return hasEspeak() ? new EspeakSynthesizer() : systemSynthesizer(ffmpeg);
    case 'espeak':
      if (hasEspeak()) return new EspeakSynthesizer();
      return new SilentSynthesizer(({ sound }) => sound.voice.noEspeak({ package: ESPEAK_PACKAGE }));
    case 'system':
      return systemSynthesizer(ffmpeg);
    case 'off':
      return new SilentSynthesizer(({ sound }) => sound.voice.off);
  }
}

function systemSynthesizer(ffmpeg: Ffmpeg): SpeechSynthesizer {
  const voice = systemVoiceOf(process.platform);
  if (voice !== null) return new SystemSynthesizer(voice, ffmpeg);
  return new SilentSynthesizer(({ sound }) => sound.voice.noSystemVoice({ platform: process.platform }));
}
