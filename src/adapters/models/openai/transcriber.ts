import { z } from 'zod';
import type { Speech, Transcriber } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { refusalOf } from './endpoint-fault.ts';

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
