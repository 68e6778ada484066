import { createRequire } from 'node:module';
import { z } from 'zod';

export const ESPEAK_PACKAGE = '@echogarden/espeak-ng-emscripten';

/** One synthesizer; it keeps the voice that was set last. */
interface Espeak {
  get_samplerate(): number;
  /** 0 where there is such a voice. */
  set_voice(name: string): number;
  /** The text is SSML. The callback ends it with true. */
  synthesize(ssml: string, onSound: (samples: Int16Array | null) => boolean): void;
}

const Loaded = z.object({
  eSpeakNGWorker: z.custom<new () => Espeak>((made) => typeof made === 'function'),
});
const Package = z.object({
  default: z.custom<() => Promise<unknown>>((load) => typeof load === 'function'),
});

/** Whether eSpeak NG is there: under the GPL, so it is optional, and part of nothing of ours. */
export function hasEspeak(): boolean {
  try {
    createRequire(import.meta.url).resolve(ESPEAK_PACKAGE);
    return true;
  } catch {
    return false;
  }
}

export async function loadEspeak(): Promise<Espeak> {
  const { default: load } = Package.parse(await import(ESPEAK_PACKAGE));
  const { eSpeakNGWorker } = Loaded.parse(await load());
  return new eSpeakNGWorker();
}
