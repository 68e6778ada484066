import type { TrainingUpdate } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Endpoint } from './endpoint.ts';
import { type EndpointFault, faultInWords, faultOf, mayPass } from './endpoint-fault.ts';
import { JobProgress, type Step } from './job-progress.ts';
import { ServerJob } from './server-job.ts';
import type { Time } from './time.ts';

export interface Following {
  readonly endpoint: Endpoint;
  readonly time: Time;
  /** In milliseconds between two looks at a job that takes long. */
  readonly pollMs: number;
  /** In milliseconds without a sign of life, after which a job is given up. */
  readonly patienceMs: number;
  /** Told once when a job cannot be looked at, in English. */
  readonly onTrouble: (sentence: string) => void;
}

export type JobEnd =
  | Extract<TrainingUpdate, { kind: 'failed' }>
  | {
      readonly kind: 'succeeded';
      readonly model: string;
      readonly loss: number | null;
      readonly tokens: number | null;
    };

const FIRST_POLL_MS = 5_000;
/** A job is looked at after this share of the time that it has taken so far. */
const POLL_SHARE = 1 / 3;
/** A server may be a little behind itself. */
const LOOKS_TO_BE_SURE = 4;
/** Whoever paused a job means to take his time. */
const PAUSED_PATIENCE = 7;
/** In milliseconds: what does not pass by itself is not waited for like what may. */
const MAX_LASTING_TROUBLE = 10 * 60_000;
/** There are no steps to hear of. */
const NOT_TRAINING = ['validating_files', 'queued', 'paused'];
const HOUR = 60 * 60_000;

type Look =
  | { readonly kind: 'seen'; readonly job: ServerJob; readonly steps: readonly Step[] }
  | { readonly kind: 'fault'; readonly fault: EndpointFault };

/**
 * Looks at a job on the server until it has ended or shows no sign of life any more.
 * @returns how it ended; null where the signal fired
 */
export async function* followJob(
  following: Following,
  reference: string,
  signal: AbortSignal,
): AsyncGenerator<TrainingUpdate, JobEnd | null> {
  const { endpoint, time, pollMs } = following;
  const progress = new JobProgress(endpoint, reference);
  const watch = new JobWatch(following, reference, progress);
  const began = time.now();
  for (;;) {
    const look = await lookAt(endpoint, reference, progress, signal);
    if (look === null) return null;
    if (look.kind === 'seen') {
      for (const { step, total, loss, evaluationLoss } of look.steps) {
        yield { kind: 'progressed', step, total: total ?? step, loss, evaluationLoss };
      }
    }
    if (signal.aborted) return null;
    const end = await (look.kind === 'seen' ? watch.see(look.job, signal) : watch.fail(look.fault));
    if (end !== null) return signal.aborted ? null : end;
    const wait = Math.max(FIRST_POLL_MS, (time.now() - began) * POLL_SHARE);
    await time.pause(Math.min(pollMs, wait), signal);
    if (signal.aborted) return null;
  }
}

/** Judges what is seen of a job: whether it has ended, or is to be given up. */
class JobWatch {
  readonly #following: Following;
  readonly #words: { readonly host: string; readonly job: string };
  readonly #progress: JobProgress;
  #life: { readonly sign: string; readonly at: number };
  #troubleSince: number | null = null;
  /** Of trouble that does not pass by itself, after none or another. */
  #lastingSince: number | null = null;
  /** How often in a row the server did not know the job. */
  #unknown = 0;
  #unnamed = 0;

  constructor(following: Following, reference: string, progress: JobProgress) {
    this.#following = following;
    this.#words = { host: following.endpoint.host, job: reference };
    this.#progress = progress;
    this.#life = { sign: '', at: following.time.now() };
  }

  /** The job could not be looked at. */
  fail(fault: EndpointFault): JobEnd | null {
    const { endpoint, time, patienceMs, onTrouble } = this.#following;
    if (this.#troubleSince === null) onTrouble(new Refusal(faultInWords(fault, endpoint)).message);
    this.#troubleSince ??= time.now();
    this.#lastingSince = mayPass(fault) ? null : (this.#lastingSince ?? time.now());
    this.#unknown = fault.kind === 'not_found' ? this.#unknown + 1 : 0;
    if (this.#unknown >= LOOKS_TO_BE_SURE) {
      return failed(({ openai }) => openai.training.gone(this.#words));
    }
    const lasted = time.now() - (this.#lastingSince ?? this.#troubleSince);
    const most = mayPass(fault) ? patienceMs : Math.min(patienceMs, MAX_LASTING_TROUBLE);
    return lasted < most ? null : lost(this.#words.job, lasted, fault, endpoint);
  }

  async see(job: ServerJob, signal: AbortSignal): Promise<JobEnd | null> {
    this.#troubleSince = null;
    this.#lastingSince = null;
    this.#unknown = 0;
    switch (job.status) {
      case 'succeeded':
        if (job.fine_tuned_model) return success(job, job.fine_tuned_model, this.#progress, signal);
        if (++this.#unnamed < LOOKS_TO_BE_SURE) return null;
        return failed(({ openai }) => openai.training.noModel(this.#words));
      case 'failed':
        return failedThere(this.#words, job, this.#following.endpoint);
      case 'cancelled':
        return failed(({ openai }) => openai.training.cancelledThere(this.#words));
      default:
        return this.#wait(job.status ?? '?');
    }
  }

  /** Whatever it is called: it has not ended. */
  async #wait(status: string): Promise<JobEnd | null> {
    const { endpoint, time, patienceMs } = this.#following;
    const sign = JSON.stringify([status, this.#progress.heard, this.#progress.latest?.step]);
    if (sign !== this.#life.sign) this.#life = { sign, at: time.now() };
    const silence = time.now() - this.#life.at;
    const patience = patienceMs * (status === 'paused' ? PAUSED_PATIENCE : 1);
    return silence < patience ? null : silent(this.#words, silence, status, endpoint);
  }
}

/** Null where the signal fired meanwhile. */
async function lookAt(
  endpoint: Endpoint,
  reference: string,
  progress: JobProgress,
  signal: AbortSignal,
): Promise<Look | null> {
  try {
    const seen = await endpoint.ask(signal, ({ fineTuning: { jobs } }, within) =>
      jobs.retrieve(reference, { signal: within }),
    );
    const job = ServerJob.parse(seen);
    if (NOT_TRAINING.includes(job.status ?? '')) return { kind: 'seen', job, steps: [] };
    return { kind: 'seen', job, steps: await orNothing(endpoint, progress.look(signal)) };
  } catch (error) {
    if (signal.aborted) return null;
    const fault = faultOf(error, endpoint);
    if (fault === null) throw error;
    return { kind: 'fault', fault };
  }
}

/** Not every server tells of steps, and no job fails for it. */
async function orNothing(endpoint: Endpoint, steps: Promise<readonly Step[]>): Promise<readonly Step[]> {
  try {
    return await steps;
  } catch (error) {
    if (faultOf(error, endpoint) === null) throw error;
    return [];
  }
}

async function success(
  { trained_tokens }: ServerJob,
  model: string,
  progress: JobProgress,
  signal: AbortSignal,
): Promise<JobEnd> {
  const checkpoints = await progress.checkpoints(signal).catch(() => []);
  const loss = checkpoints.at(-1)?.loss ?? progress.latest?.loss ?? null;
  return { kind: 'succeeded', model, loss, tokens: trained_tokens ?? null };
}

function failedThere(
  words: { readonly host: string; readonly job: string },
  { error }: ServerJob,
  endpoint: Endpoint,
): JobEnd {
  const said = endpoint.quote(error?.message ?? '');
  return failed(({ openai }) =>
    openai.training.failed({ ...words, message: said === '' ? openai.training.withoutReason : said }),
  );
}

/** What nobody follows any more should not go on costing. */
async function silent(
  words: { readonly host: string; readonly job: string },
  lasted: number,
  status: string,
  endpoint: Endpoint,
): Promise<JobEnd> {
  const { signal } = new AbortController();
  const left = await endpoint
    .ask(signal, ({ fineTuning: { jobs } }, within) => jobs.cancel(words.job, { signal: within }))
    .then(
      () => 'ended' as const,
      () => 'may go on' as const,
    );
  return failed(({ openai }) =>
    openai.training.silent({ ...words, hours: hoursOf(lasted), status: endpoint.quote(status), left }),
  );
}

function lost(job: string, lasted: number, fault: EndpointFault, endpoint: Endpoint): JobEnd {
  const inWords = faultInWords(fault, endpoint);
  return failed((words) =>
    words.openai.training.lost({ job, hours: hoursOf(lasted), fault: inWords(words) }),
  );
}

function failed(sentence: ConstructorParameters<typeof Refusal>[0]): JobEnd {
  return { kind: 'failed', reason: new Refusal(sentence).message };
}

function hoursOf(ms: number): number {
  return Math.max(1, Math.round(ms / HOUR));
}
