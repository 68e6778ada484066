import type { Recorded } from '../../domain/events.ts';
import { type JobCommand, jobDecider } from '../../domain/job.ts';
import type { Cause } from '../../domain/ledger.ts';
import type { Trainer, TrainingOrder, TrainingUpdate } from '../../domain/ports.ts';

/** What the process knows of a job that has not ended. */
export interface Job {
  readonly id: string;
  readonly scope: string;
  readonly trainer: Trainer;
  readonly cause: Omit<Cause, 'commandId'>;
  readonly dataset: string;
  readonly hyperparameters: TrainingOrder['hyperparameters'];
  readonly abort: AbortController;
  /** Settles once everybody can see that the job has ended. */
  readonly ended: PromiseWithResolvers<void>;
  /** Whether that is how it has ended. */
  isCancelled: boolean;
  progress: number;
}

/** Of a job, by the ledger. `nobody`: it has ended. */
export type Driver = 'this process' | 'another process' | 'nobody';

export function unfinished(request: Recorded<'TrainingRequested'>, trainer: Trainer): Job {
  const { data, metadata, id: causationId } = request;
  const { scope, channel, origin, correlationId } = metadata;
  return {
    id: data.job,
    scope,
    trainer,
    cause: { actor: `trainer:${trainer.name}`, scope, channel, origin, causationId, correlationId },
    dataset: data.dataset,
    hyperparameters: data.hyperparameters,
    abort: new AbortController(),
    ended: Promise.withResolvers(),
    isCancelled: false,
    progress: 0,
  };
}

/**
 * What came of a job so far, also where another process has driven it until now. What a trainer on that one's machine
 * had begun cannot be gone on with here.
 * @param events of the job's stream
 */
export async function knownOf(
  events: AsyncIterable<Recorded>,
  { isRemote }: Pick<Trainer, 'isRemote'>,
  process: string,
): Promise<TrainingOrder['known']> {
  const nothing: TrainingOrder['known'] = { file: null, reference: null };
  let known = nothing;
  let driver: string | null = null;
  for await (const event of events) {
    if (event.type === 'TrainingTaken') driver = event.data.process;
    if (isRemote !== true && driver !== process) known = nothing;
    else if (event.type === 'TrainingFileUploaded') known = { ...known, file: event.data.file };
    else if (event.type === 'TrainingStarted') known = { ...known, reference: event.data.reference };
  }
  return known;
}

/** @param events of the job's stream */
export async function driverOf(events: AsyncIterable<Recorded>, process: string): Promise<Driver> {
  let state = jobDecider.initial;
  for await (const event of events) {
    if (jobDecider.takes(event)) state = jobDecider.evolve(state, event);
  }
  if (state.kind !== 'unfinished') return 'nobody';
  return state.process === process ? 'this process' : 'another process';
}

/** What is recorded of what a trainer reports. */
export function eventOfUpdate(
  job: Job,
  update: TrainingUpdate,
): Extract<JobCommand, { kind: 'record' }>['event'] {
  switch (update.kind) {
    case 'uploaded':
      return { type: 'TrainingFileUploaded', data: { job: job.id, file: update.file } };
    case 'started':
      return { type: 'TrainingStarted', data: { job: job.id, reference: update.reference } };
    case 'progressed': {
      const { step, total, loss, evaluationLoss = null, learningRate = null } = update;
      const figures = { step, total, loss, evaluationLoss, learningRate };
      return { type: 'TrainingProgressed', data: { job: job.id, ...figures } };
    }
    case 'succeeded': {
      const { model, artifact, loss, trainedTokens = null, cost = null } = update;
      const made = { model, dataset: job.dataset, artifact, loss, trainedTokens, cost };
      return { type: 'TrainingSucceeded', data: { job: job.id, ...made } };
    }
    case 'failed':
      return { type: 'TrainingFailed', data: { job: job.id, reason: update.reason } };
  }
}
