import { Worker } from 'node:worker_threads';
import { READY } from './ready.ts';
import { ThreadRefusal } from './thread-refusal.ts';

const START_LIMIT_MS = 120_000;
/** Of JavaScript's own; the memory of WASM and the sound itself lie outside. */
const MOST_MEGABYTES = 256;

export interface JobThreadsOptions {
  readonly file: URL;
  /** How many jobs go on at the same time. */
  readonly threads: number;
  /** How many may wait; one more is refused. */
  readonly mostWaiting: number;
  /** What each thread is given at its start. */
  readonly workerData?: () => Promise<unknown>;
}

export interface ThreadJob {
  readonly request: unknown;
  /** From when it is begun by a thread that is ready. A thread that takes longer is ended, and another one takes its place. */
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Takes what the thread sends; true with the last of it. */
  onMessage(message: unknown): boolean;
}

interface Waiting {
  readonly job: ThreadJob;
  readonly settle: PromiseWithResolvers<void>;
}

interface Running extends Waiting {
  readonly timer: NodeJS.Timeout;
}

type ThreadState =
  | { readonly kind: 'starting'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'running' } & Running)
  /** What it has sent before may still come. */
  | { readonly kind: 'ended' };

interface Thread {
  readonly worker: Worker;
  state: ThreadState;
}

/** Threads that do one job each at a time. They keep the process alive only while they have one. */
export class JobThreads {
  readonly #options: JobThreadsOptions;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Waiting[] = [];
  /** Of which there is not even a thread yet. */
  #starting = 0;
  #isClosed = false;

  constructor(options: JobThreadsOptions) {
    this.#options = options;
  }

  /** @throws ThreadRefusal where it cannot be done; ThreadJob.onMessage's own errors */
  async run(job: ThreadJob): Promise<void> {
    if (this.#isClosed) throw new ThreadRefusal('closing');
    if (job.signal?.aborted) throw new ThreadRefusal('cancelled');
    if (this.#waiting.length >= this.#options.mostWaiting) throw new ThreadRefusal('busy');
    const waiting = { job, settle: Promise.withResolvers<void>() };
    const cancel = () => this.#end(waiting, new ThreadRefusal('cancelled'));
    job.signal?.addEventListener('abort', cancel, { once: true });
    this.#waiting.push(waiting);
    this.#hand();
    try {
      await waiting.settle.promise;
    } finally {
      job.signal?.removeEventListener('abort', cancel);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#refuseWaiting(new ThreadRefusal('closing'));
    await Promise.all(
      [...this.#threads].map((thread) => this.#terminate(thread, new ThreadRefusal('closing'))),
    );
  }

  /** Gives waiting jobs to idle threads, and starts threads while there may be more. */
  #hand(): void {
    for (const thread of this.#threads) {
      if (thread.state.kind !== 'idle') continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#begin(thread, next);
    }
    const starting = [...this.#threads].filter(({ state }) => state.kind === 'starting').length;
    const missing = Math.min(
      this.#waiting.length - this.#starting - starting,
      this.#options.threads - this.#threads.size - this.#starting,
    );
    for (let started = 0; started < missing; started += 1) void this.#start();
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    try {
      const workerData = await this.#options.workerData?.();
      if (!this.#isClosed) this.#add(workerData);
    } catch (error) {
      this.#refuseWaiting(error);
    } finally {
      this.#starting -= 1;
      this.#hand();
    }
  }

  #add(workerData: unknown): void {
    const worker = new Worker(this.#options.file, {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
    const tooSlow = () => void this.#terminate(thread, new ThreadRefusal('tooSlow'));
    const timer = setTimeout(tooSlow, START_LIMIT_MS);
    const thread: Thread = { worker, state: { kind: 'starting', timer } };
    worker.on('message', (message) => this.#take(thread, message));
    worker.on('error', (error) => this.#remove(thread, new ThreadRefusal('broken', error)));
    worker.once('exit', (code) =>
      this.#remove(thread, new ThreadRefusal('broken', new Error(`the thread ended with ${code}`))),
    );
    this.#threads.add(thread);
  }

  #begin(thread: Thread, waiting: Waiting): void {
    const tooSlow = () => void this.#terminate(thread, new ThreadRefusal('tooSlow'));
    const timer = setTimeout(tooSlow, waiting.job.timeLimitMs);
    thread.state = { kind: 'running', ...waiting, timer };
    thread.worker.ref();
    thread.worker.postMessage(waiting.job.request);
  }

  #take(thread: Thread, message: unknown): void {
    const { state } = thread;
    if (state.kind === 'idle' || state.kind === 'ended') return;
    if (state.kind === 'starting') {
      if (message === READY) this.#rest(thread, state.timer);
      return;
    }
    try {
      if (!state.job.onMessage(message)) return;
      state.settle.resolve();
      this.#rest(thread, state.timer);
    } catch (error) {
      void this.#terminate(thread, error);
    }
  }

  #rest(thread: Thread, timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    thread.state = { kind: 'idle' };
    // Behind the others: one that rests for longer has made itself ready for the next job.
    this.#threads.delete(thread);
    this.#threads.add(thread);
    thread.worker.unref();
    this.#hand();
  }

  /** Ends a job that waits or goes on; one that goes on can only be ended with its thread. */
  #end(ended: Waiting, reason: Error): void {
    const place = this.#waiting.indexOf(ended);
    if (place >= 0) this.#waiting.splice(place, 1);
    for (const thread of this.#threads) {
      if (thread.state.kind === 'running' && thread.state.settle === ended.settle)
        void this.#terminate(thread, reason);
    }
    ended.settle.reject(reason);
  }

  async #terminate(thread: Thread, reason: unknown): Promise<void> {
    this.#remove(thread, reason);
    await thread.worker.terminate();
  }

  #remove(thread: Thread, reason: unknown): void {
    if (!this.#threads.delete(thread)) return;
    const { state } = thread;
    thread.state = { kind: 'ended' };
    if (state.kind === 'starting' || state.kind === 'running') clearTimeout(state.timer);
    if (state.kind === 'running') state.settle.reject(reason);
    // Another one would not start either.
    if (state.kind === 'starting') this.#refuseWaiting(reason);
    if (!this.#isClosed) this.#hand();
  }

  #refuseWaiting(reason: unknown): void {
    for (const { settle } of this.#waiting.splice(0)) settle.reject(reason);
  }
}
