import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attempt } from './attempt.ts';
import { type AttemptEnd, describeFailure, WORTH_RETRYING } from './attempt-end.ts';
import type { JobDirectory } from './job-directory.ts';
import { modelId } from './model-id.ts';
import { identify } from './process-identity.ts';
import type { Progress } from './progress.ts';
import { ProgressThinning } from './progress-thinning.ts';
import { checkManifest, MANIFEST_NAME } from './result-manifest.ts';
import type { Outcome, RunRecord } from './run-record.ts';
import type { Task } from './task.ts';
import { TrainerOutput } from './trainer-output.ts';

/** As much as weeks of progress bars. */
const FLOOD_BYTES = 64 * 2 ** 20;

/** All attempts at one training, one after the other, until one succeeds or none is worth another. */
export class SupervisedRun {
  readonly #job: JobDirectory;
  readonly #task: Task;
  readonly #record: RunRecord;
  readonly #stop: AbortSignal;
  readonly #thinning = new ProgressThinning(() => performance.now());

  constructor(job: JobDirectory, task: Task, record: RunRecord, stop: AbortSignal) {
    this.#job = job;
    this.#task = task;
    this.#record = record;
    this.#stop = stop;
  }

  async run(): Promise<Outcome> {
    const deadline = performance.now() + this.#task.timeLimitMs;
    for (let number = 1; ; number++) {
      const output = new TrainerOutput((progress) => this.#report(progress));
      const end = await this.#attempt(number, output, deadline);
      const held = this.#thinning.takeHeld();
      if (held !== undefined) this.#record.append({ kind: 'progressed', ...held });
      const isLast = number >= this.#task.attempts || this.#stop.aborted;
      if (!isWorthRetrying(end) || isLast) return this.#outcome(end, number, output);
      await delay(this.#task.retryDelayMs, undefined, { signal: this.#stop }).catch(() => undefined);
    }
  }

  #attempt(number: number, output: TrainerOutput, deadline: number): Promise<AttemptEnd> {
    // What an earlier attempt says that it made must not be taken for this one's; its checkpoints may stay.
    rmSync(join(this.#job.out, MANIFEST_NAME), { force: true });
    mkdirSync(this.#job.out, { recursive: true });
    const { command, timeLimitMs, stopMs } = this.#task;
    return attempt(this.#job, output, {
      command,
      deadline,
      timeLimitMs,
      stopMs,
      stop: this.#stop,
      started: async (pid) => {
        const trainer = (await identify(pid)) ?? { pid, started: null };
        this.#record.append({ kind: 'started', attempt: number, trainer });
      },
    });
  }

  #ofFlood({ writtenBytes }: TrainerOutput): string {
    if (writtenBytes < FLOOD_BYTES) return '';
    const megabytes = Math.round(writtenBytes / 2 ** 20);
    return ` It wrote ${megabytes} MiB of output, of which only the end was kept in ${this.#job.path}.`;
  }

  #report(progress: Progress): void {
    const news = this.#thinning.take(progress);
    if (news !== undefined) this.#record.append({ kind: 'progressed', ...news });
  }

  async #outcome(end: AttemptEnd, attempts: number, output: TrainerOutput): Promise<Outcome> {
    const said = [...output.last.words];
    const reason = describeFailure(end, attempts, output.last.text);
    if (reason !== undefined) return { kind: 'failed', reason: reason + this.#ofFlood(output), said };
    const { dataset, baseModel, seed } = this.#task;
    const checked = await checkManifest(this.#job.out, { dataset, baseModel, seed });
    if (checked.kind === 'invalid') {
      const invalid = `The trainer ended as if it were done, but nothing is taken from it because ${checked.reason}; see docs/trainers/protocol.md.`;
      return { kind: 'failed', reason: invalid, said };
    }
    const model = modelId(checked.manifest);
    return { kind: 'succeeded', model, manifest: checked.sha256, loss: output.loss };
  }
}

function isWorthRetrying(end: AttemptEnd): boolean {
  return end.kind === 'exited' && end.code === WORTH_RETRYING;
}
