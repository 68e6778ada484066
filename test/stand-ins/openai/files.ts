import type OpenAI from 'openai';
import { ApiError, notFound } from './api-error.ts';
import type { ServerClock } from './clock.ts';
import { json, pageOf, type Route } from './route.ts';

type FileObject = OpenAI.Files.FileObject;

const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'];
const MAX_BYTES = 512 * 2 ** 20;

export interface StoredFile {
  readonly object: FileObject;
  readonly content: Uint8Array;
}

/** What was uploaded. */
export class Files {
  readonly #clock: ServerClock;
  readonly #stored = new Map<string, StoredFile>();
  #uploads = 0;
  /** In bytes. */
  maxBytes = MAX_BYTES;
  /** Whether a file has to be asked after until it may be used, as on Azure. */
  processesSlowly = false;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  get all(): readonly StoredFile[] {
    return [...this.#stored.values()];
  }

  find(id: string): StoredFile | undefined {
    return this.#stored.get(id);
  }

  /** As if somebody had taken it away. */
  vanish(id: string): void {
    if (!this.#stored.delete(id)) throw new Error(`The stand-in has no file ${id}.`);
  }

  get routes(): readonly Route[] {
    return [
      {
        name: 'POST /files',
        handle: async ({ form }) => json(await this.#upload(form)),
      },
      {
        name: 'GET /files',
        handle: ({ query }) => {
          const purpose = query.get('purpose');
          const files = this.all
            .map(({ object }) => object)
            .filter((file) => purpose === null || file.purpose === purpose)
            .toReversed();
          const page = pageOf(files, query, 10_000);
          return json({ ...page, first_id: page.data[0]?.id ?? '', last_id: page.data.at(-1)?.id ?? '' });
        },
      },
      {
        name: 'GET /files/:id',
        handle: ({ parameter }) => {
          const { object } = this.#get(parameter('id'));
          // It is ready by the next time.
          const now = { ...object };
          object.status = 'processed';
          return json(now);
        },
      },
      {
        name: 'GET /files/:id/content',
        handle: ({ parameter }) => ({ kind: 'bytes', content: this.#get(parameter('id')).content }),
      },
      {
        name: 'DELETE /files/:id',
        handle: ({ parameter }) => {
          const { object } = this.#get(parameter('id'));
          this.#stored.delete(object.id);
          return json({ id: object.id, object: 'file', deleted: true } satisfies OpenAI.Files.FileDeleted);
        },
      },
    ];
  }

  #get(id: string): StoredFile {
    const file = this.#stored.get(id);
    if (file === undefined) throw notFound(`The file ${id}`);
    return file;
  }

  async #upload(form: FormData | null): Promise<FileObject> {
    const file = form?.get('file');
    const purpose = form?.get('purpose');
    if (!(file instanceof File)) throw new ApiError(400, "'file' is a required property", { param: 'file' });
    if (typeof purpose !== 'string' || !PURPOSES.includes(purpose)) {
      throw new ApiError(400, `'${String(purpose)}' is not one of ${PURPOSES.join(', ')}`, {
        param: 'purpose',
      });
    }
    if (file.size > this.maxBytes) {
      throw new ApiError(413, `File is too large: at most ${this.maxBytes} bytes.`, { param: 'file' });
    }
    if (file.size === 0) throw new ApiError(400, 'File is empty.', { param: 'file' });
    if (purpose === 'fine-tune' && !file.name.endsWith('.jsonl')) {
      throw new ApiError(400, `Invalid file format for ${file.name}: it must be .jsonl.`, { param: 'file' });
    }
    this.#uploads += 1;
    const object: FileObject = {
      id: `file-${String(this.#uploads).padStart(8, '0')}`,
      object: 'file',
      bytes: file.size,
      created_at: this.#clock.seconds,
      filename: file.name,
      purpose: purpose === 'fine-tune' ? 'fine-tune' : 'user_data',
      status: this.processesSlowly ? 'uploaded' : 'processed',
    };
    this.#stored.set(object.id, { object, content: new Uint8Array(await file.arrayBuffer()) });
    return { ...object };
  }
}
