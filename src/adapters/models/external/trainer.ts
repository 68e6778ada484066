import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatasetFormat } from '../../../domain/examples.ts';
import type {
  Blob,
  StopReason,
  Trainer,
  TrainingOrder,
  TrainingUpdate,
  Vault,
} from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { PassedOn, Variables } from '../../child-environment.ts';
import { followRecord } from './following.ts';
import { hideSecrets, secretsIn } from './hidden-secrets.ts';
import { type JobDirectory, jobDirectory } from './job-directory.ts';
import { isPrepared, prepare, seedOf, type Terms } from './preparation.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { MANIFEST_NAME } from './result-manifest.ts';
import type { Outcome } from './run-record.ts';
import { linkModel } from './served-models.ts';
import { endTraining, startSupervisor } from './supervising.ts';
import { systemCode } from './system-code.ts';
import { trainerEnvironment } from './trainer-environment.ts';

export interface ExternalTrainerOptions extends Terms {
  readonly vault: Vault;
  /** What answers before any other was promoted, where that is not the base model. */
  readonly model?: string;
  /** Of all trainings; each job has one below it. */
  readonly directory: string;
  readonly formats: readonly DatasetFormat[];
  /** The bot's own variables, of which only some are passed on. */
  readonly variables: Variables;
  readonly passedOn: PassedOn;
}

const MAX_REASON = 1_200;
const MAX_KEEPING_MS = 600_000;
const KEEPING_RETRY_MS = 1_000;
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/;

/**
 * A program of the operator's own that trains on this machine. It is started by a supervisor that outlives this
 * process, and everything about a job stands in the job's directory: whoever asks for the same job again, also
 * in another process, goes on following it.
 *
 * A model is named `external-` and a hash of what it is made of; its artifact in the vault is the manifest, and
 * `models/<name>` in the directory leads to what was made.
 */
export function createExternalTrainer(options: ExternalTrainerOptions): Trainer {
  const { model, baseModel, formats } = options;
  const training = new ExternalTraining({ ...options, directory: resolve(options.directory) });
  return {
    name: 'external',
    baseModel: model ?? baseModel,
    trainsFrom: baseModel,
    formats,
    checkHyperparameters: (hyperparameters) => void seedOf(hyperparameters),
    train: (order, signal) => training.train(order, signal),
  };
}

class ExternalTraining {
  readonly #options: ExternalTrainerOptions;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];

  constructor(options: ExternalTrainerOptions) {
    const { variables, passedOn } = options;
    this.#options = options;
    this.#environment = trainerEnvironment(variables, passedOn);
    this.#secrets = [...passedOn.secrets, ...secretsIn(this.#environment)];
  }

  async *train(order: TrainingOrder, signal: AbortSignal): AsyncGenerator<TrainingUpdate, void> {
    if (signal.aborted) return;
    if (!SAFE_NAME.test(order.job)) return yield failed(`The job ${order.job} cannot name a directory.`);
    const job = jobDirectory(join(this.#options.directory, order.job));
    try {
      yield* this.#follow(job, order, signal);
    } catch (error) {
      if (signal.aborted) return;
      await this.#end(job);
      yield failed(this.#reasonOf(error, job));
    } finally {
      // Also where nobody listens any more: nothing of a cancelled job may go on.
      if (isCancelled(signal)) await this.#end(job);
    }
  }

  async *#follow(
    job: JobDirectory,
    order: TrainingOrder,
    signal: AbortSignal,
  ): AsyncGenerator<TrainingUpdate, void> {
    if (!(await isPrepared(job))) {
      if (order.known.reference !== null) return yield failed(gone(job));
      await prepare(this.#options.vault, job, order, this.#options);
    }
    if (signal.aborted) return;
    const supervisor = await startSupervisor(job, this.#environment);
    if (supervisor === undefined) return yield failed(await this.#unsupervised(job));
    if (signal.aborted) return;
    yield { kind: 'started', reference: referenceOf(supervisor) };
    for await (const entry of followRecord(job, supervisor, signal)) {
      if (signal.aborted) return;
      if (entry.kind === 'progressed') yield entry;
      if (entry.kind !== 'ended') continue;
      const end = await this.#updateOf(entry.outcome, job, signal);
      if (end !== undefined) yield end;
      return;
    }
    if (signal.aborted) return;
    await this.#end(job);
    yield failed(
      `The trainer is gone without a result, as after a restart of the machine; see ${job.path} and train again.`,
    );
  }

  /** Nothing where the signal has fired. */
  async #updateOf(
    outcome: Outcome,
    job: JobDirectory,
    signal: AbortSignal,
  ): Promise<TrainingUpdate | undefined> {
    if (outcome.kind === 'failed') return failed(this.#withLastWords(outcome.reason, outcome.said));
    const { model, loss } = outcome;
    const artifact = await this.#keep(job, signal);
    if (artifact === undefined) return undefined;
    if (artifact.sha256 !== outcome.manifest) {
      return failed(`The ${MANIFEST_NAME} in ${job.out} was changed after the training; train again.`);
    }
    await linkModel(this.#options.directory, model, job.out);
    return { kind: 'succeeded', model, artifact, loss };
  }

  /** A result of days must not be lost to a disk that is full for a while. */
  async #keep(job: JobDirectory, signal: AbortSignal): Promise<Blob | undefined> {
    const deadline = performance.now() + MAX_KEEPING_MS;
    while (!signal.aborted) {
      try {
        return await this.#options.vault.put([await readFile(join(job.out, MANIFEST_NAME))]);
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
      await delay(KEEPING_RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  async #end(job: JobDirectory): Promise<void> {
    await endTraining(job.path, this.#options.stopMs);
  }

  async #unsupervised(job: JobDirectory): Promise<string> {
    const log = await readFile(job.supervisorLog, 'utf8').catch(() => '');
    const said = log.trim().split('\n').slice(-3);
    return this.#withLastWords(
      'The process that is to supervise the trainer did not start; train again.',
      said,
    );
  }

  #withLastWords(reason: string, said: readonly string[]): string {
    const words = hideSecrets(said.join(' / '), this.#secrets);
    // What was said last tells most.
    const shown = words.length > MAX_REASON ? `…${words.slice(-MAX_REASON)}` : words;
    return shown === '' ? reason : `${reason} Its last words: ${shown}`;
  }

  #reasonOf(error: unknown, job: JobDirectory): string {
    if (error instanceof Refusal) return error.message;
    const code = systemCode(error);
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
      return `There is no room left on the disk for ${job.path}; make room and train again.`;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
      return `The directory ${job.path} cannot be written (${code}); check its permissions and train again.`;
    const message = error instanceof Error ? error.message : String(error);
    return hideSecrets(`The training in ${job.path} failed (${message}); train again.`, this.#secrets);
  }
}

function failed(reason: string): TrainingUpdate {
  return { kind: 'failed', reason };
}

function gone({ path }: JobDirectory): string {
  return `The training had begun, but its directory ${path} is gone; train again.`;
}

function referenceOf({ pid, started }: ProcessIdentity): string {
  return started === null ? `process ${pid}` : `process ${pid}, started ${started}`;
}

function isCancelled({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason === ('cancelled' satisfies StopReason);
}
