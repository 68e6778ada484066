import type { Pcm } from './pcm.ts';
import type { SpokenLanguage } from './voices.ts';

/** What makes speech of text. */
export interface SpeechSynthesizer {
  /**
   * Begins at once, and gives the sound as it is made. Nothing in the text is markup.
   * @throws Refusal where it cannot be said, with the reason
   */
  synthesize(text: string, language: SpokenLanguage, signal?: AbortSignal): AsyncIterable<Pcm>;
  close(): Promise<void>;
}
