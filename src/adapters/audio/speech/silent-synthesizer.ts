import type { InWords } from '../../../domain/refusal.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Pcm } from './pcm.ts';
import type { SpeechSynthesizer } from './speech-synthesizer.ts';

/** Where there is no voice: it says why. */
export class SilentSynthesizer implements SpeechSynthesizer {
  readonly #reason: InWords;

  constructor(reason: InWords) {
    this.#reason = reason;
  }

  synthesize(): AsyncIterable<Pcm> {
    const reason = this.#reason;
    return {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Refusal(reason)) }),
    };
  }

  async close(): Promise<void> {}
}
