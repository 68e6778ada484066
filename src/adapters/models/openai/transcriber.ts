import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { refusalOf } from './endpoint-fault.ts';

/** What somebody said, as a file of a format that servers know. */
export interface Speech {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly format: 'ogg' | 'wav' | 'mp3' | 'flac' | 'webm' | 'm4a';
  /** ISO 639-1, where it is known. */
  readonly language?: string;
  readonly signal?: AbortSignal;
}

export interface Transcriber {
  /** Empty where nothing was said. @throws Refusal with the reason */
  transcribe(speech: Speech): Promise<string>;
}

const Transcript = z.object({ text: z.string() });
/** What OpenAI takes. */
const MAX_MEGABYTES = 25;

/** Hears by `audio.transcriptions`. */
export class OpenAiTranscriber implements Transcriber {
  readonly #endpoint: Endpoint;
  readonly #model: string;

  constructor({ endpoint, model }: { readonly endpoint: EndpointOptions; readonly model: string }) {
    this.#endpoint = new Endpoint(endpoint);
    this.#model = model;
  }

  async transcribe({ content, format, language, signal }: Speech): Promise<string> {
    if (content.length > MAX_MEGABYTES * 2 ** 20) {
      throw new Refusal(({ openai }) => openai.transcription.tooLarge(MAX_MEGABYTES));
    }
    const file = new File([content], `speech.${format}`);
    const body = { file, model: this.#model, ...(language !== undefined && { language }) };
    try {
      const heard = await this.#endpoint.ask(signal ?? new AbortController().signal, ({ audio }, within) =>
        audio.transcriptions.create(body, { signal: within }),
      );
      return Transcript.parse(heard).text.trim();
    } catch (error) {
      signal?.throwIfAborted();
      throw refusalOf(error, this.#endpoint);
    }
  }
}
