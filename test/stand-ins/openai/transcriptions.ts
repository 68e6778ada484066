import { createHash } from 'node:crypto';
import type OpenAI from 'openai';
import { ApiError } from './api-error.ts';
import { json, type Route } from './route.ts';

const MAX_BYTES = 25 * 2 ** 20;
const SUFFIXES = /\.(flac|mp3|mp4|mpeg|mpga|m4a|ogg|wav|webm)$/;

/** Hears in a recording what a test said is in it. */
export class Transcriptions {
  readonly #heard = new Map<string, string>();

  hears(recording: Uint8Array, text: string): void {
    this.#heard.set(fingerprint(recording), text);
  }

  get routes(): readonly Route[] {
    return [
      { name: 'POST /audio/transcriptions', handle: async ({ form }) => json(await this.#transcribe(form)) },
    ];
  }

  async #transcribe(form: FormData | null): Promise<OpenAI.Audio.Transcription> {
    const file = form?.get('file');
    if (!(file instanceof File)) throw new ApiError(400, "'file' is a required property", { param: 'file' });
    if (typeof form?.get('model') !== 'string') throw new ApiError(400, 'you must provide a model parameter');
    if (!SUFFIXES.test(file.name)) throw new ApiError(400, `Unrecognized file format: ${file.name}.`);
    if (file.size > MAX_BYTES) throw new ApiError(413, 'Maximum content size limit exceeded.');
    const recording = new Uint8Array(await file.arrayBuffer());
    return {
      text: this.#heard.get(fingerprint(recording)) ?? '',
      usage: { type: 'duration', seconds: 1 },
    };
  }
}

function fingerprint(recording: Uint8Array): string {
  return createHash('sha256').update(recording).digest('hex');
}
