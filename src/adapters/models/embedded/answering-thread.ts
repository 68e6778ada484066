import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ChatMessage } from '../../../domain/examples.ts';
import type { Bytes } from '../../../domain/ports.ts';
import { AnsweringReply, type AnsweringRequest, type Recollection } from './answering-protocol.ts';
import { sendBytes } from './byte-pipe.ts';
import { EmbeddedFault } from './embedded-fault.ts';
import { ANSWERING_WORKER, isOutOfMemory } from './worker-threads.ts';

const MAX_WORKER_MEGABYTES = 2_048;

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

interface Pending {
  resolve(reply: AnsweringReply): void;
  reject(error: Error): void;
}

/** The models that are loaded, in a thread of their own. It keeps the process alive only while it is asked something. */
export class AnsweringThread {
  readonly #worker = new Worker(ANSWERING_WORKER, {
    resourceLimits: { maxOldGenerationSizeMb: MAX_WORKER_MEGABYTES },
  });
  readonly #pending = new Map<number, Pending>();
  #requests = 0;
  /** Why it can be asked nothing more. */
  #ended: Error | null = null;

  /** @param onEnd called once, when the thread has ended, whatever the reason */
  constructor(onEnd: () => void) {
    this.#worker.unref();
    this.#worker.on('message', (message) => this.#take(AnsweringReply.parse(message)));
    this.#worker.on('error', (error) => {
      this.#ended = isOutOfMemory(error) ? new EmbeddedFault({ kind: 'tooLarge' }) : error;
    });
    this.#worker.once('exit', () => {
      this.#ended ??= new EmbeddedFault({ kind: 'threadEnded' });
      for (const { reject } of this.#pending.values()) reject(this.#ended);
      this.#pending.clear();
      onEnd();
    });
  }

  /**
   * Loads a model from the content of its file.
   * @throws Error where it cannot be read or is not a model
   */
  async load(model: string, content: Bytes): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const sending = sendBytes(content, port1);
    const loading = this.#request({ kind: 'load', model, source: port2 }, [port2]);
    loading.catch(() => port1.close());
    // Why the content could not be read says more than that it did not arrive.
    const [sent, loaded] = await Promise.allSettled([sending, loading]);
    port1.close();
    for (const result of [sent, loaded]) if (result.status === 'rejected') throw result.reason;
  }

  /** What a loaded model knows of the last question; null where that is nothing. */
  async recall(model: string, messages: readonly ChatMessage[]): Promise<Recollection | null> {
    const reply = await this.#request({ kind: 'recall', model, messages: [...messages] });
    return reply.kind === 'recalled' ? reply.recollection : null;
  }

  async forget(model: string): Promise<void> {
    await this.#request({ kind: 'forget', model });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #request(
    request: WithoutId<AnsweringRequest>,
    transfer: readonly MessagePort[] = [],
  ): Promise<AnsweringReply> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = ++this.#requests;
    const { promise, resolve, reject } = Promise.withResolvers<AnsweringReply>();
    this.#pending.set(id, { resolve, reject });
    this.#worker.ref();
    this.#worker.postMessage({ ...request, id }, [...transfer]);
    return promise;
  }

  #take(reply: AnsweringReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (reply.kind !== 'failed') pending?.resolve(reply);
    else pending?.reject(reply.fault === null ? new Error(reply.reason) : new EmbeddedFault(reply.fault));
  }
}
