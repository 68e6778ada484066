import { JobThreads } from '../job-threads.ts';
import { workerFile } from '../worker-file.ts';
import { compileCore } from './core.ts';
import { FfmpegReply, type FfmpegRequest } from './protocol.ts';

export interface FfmpegOptions {
  readonly threads: number;
  readonly mostWaiting: number;
  /** Of its threads; 0 where nothing is said. */
  readonly niceness?: number;
}

export interface FfmpegJob extends Omit<FfmpegRequest, 'id'> {
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Compiled once in a process, when it is first needed. */
let core: Promise<WebAssembly.Module> | null = null;

/** ffmpeg as WASM, in threads of its own. */
export class Ffmpeg {
  readonly #threads: JobThreads;
  #jobs = 0;

  constructor({ threads, mostWaiting, niceness = 0 }: FfmpegOptions) {
    this.#threads = new JobThreads({
      file: workerFile('ffmpeg/worker'),
      threads,
      mostWaiting,
      workerData: async () => {
        core ??= compileCore();
        return { module: await core, niceness };
      },
    });
  }

  /**
   * What came of it, good or bad: an exit code of 0 alone does not say that the output is right.
   * @throws ThreadRefusal where it came to no end
   */
  async run({ timeLimitMs, signal, ...job }: FfmpegJob): Promise<FfmpegReply> {
    this.#jobs += 1;
    const request: FfmpegRequest = { id: this.#jobs, ...job };
    let reply: FfmpegReply | undefined;
    await this.#threads.run({
      request,
      timeLimitMs,
      signal,
      onMessage: (message) => {
        reply = FfmpegReply.parse(message);
        return true;
      },
    });
    if (reply === undefined) throw new Error('ffmpeg ended without a reply');
    return reply;
  }

  async close(): Promise<void> {
    await this.#threads.close();
  }
}
