import type { ChatMessage } from '../../../domain/examples.ts';
import type { Vault } from '../../../domain/ports.ts';
import type { Recollection } from './answering-protocol.ts';
import { AnsweringThread } from './answering-thread.ts';

interface LoadedModel {
  readonly ready: Promise<void>;
  /** Of its file, as far as it was read. */
  bytes: number;
  /** How many questions it is being asked. */
  users: number;
}

/** The models that answered last, up to a size; the others are loaded when they are asked again. */
export class LoadedModels {
  readonly #vault: Vault;
  readonly #maxBytes: number;
  #thread: AnsweringThread | null = null;
  /** By the SHA-256 of the file; the one asked last is at the end. */
  #models = new Map<string, LoadedModel>();

  /** @param maxBytes of the model files together; one model may be larger */
  constructor(vault: Vault, maxBytes: number) {
    this.#vault = vault;
    this.#maxBytes = maxBytes;
  }

  /** @throws Error where the model cannot be loaded */
  async recall(sha256: string, messages: readonly ChatMessage[]): Promise<Recollection | null> {
    const thread = this.#startedThread();
    const model = this.#models.get(sha256) ?? this.#load(thread, sha256);
    this.#models.delete(sha256);
    this.#models.set(sha256, model);
    model.users++;
    try {
      await model.ready;
      return await thread.recall(sha256, messages);
    } finally {
      model.users--;
      this.#makeRoom();
    }
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #startedThread(): AnsweringThread {
    this.#thread ??= new AnsweringThread(() => {
      this.#thread = null;
      this.#models = new Map();
    });
    return this.#thread;
  }

  #load(thread: AnsweringThread, sha256: string): LoadedModel {
    const counted = this.#read(sha256, (bytes) => {
      model.bytes += bytes;
    });
    const model: LoadedModel = { ready: thread.load(sha256, counted), bytes: 0, users: 0 };
    model.ready.catch(() => {
      if (this.#models.get(sha256) === model) this.#models.delete(sha256);
    });
    return model;
  }

  async *#read(sha256: string, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#vault.read(sha256)) {
      count(piece.length);
      yield piece;
    }
  }

  #makeRoom(): void {
    let bytes = [...this.#models.values()].reduce((sum, model) => sum + model.bytes, 0);
    for (const [sha256, model] of [...this.#models].slice(0, -1)) {
      if (bytes <= this.#maxBytes) return;
      if (model.users > 0) continue;
      this.#models.delete(sha256);
      bytes -= model.bytes;
      // Where the thread has ended there is nothing left to forget.
      this.#thread?.forget(sha256).catch(() => {});
    }
  }
}
