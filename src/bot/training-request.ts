import { deriveId, shorten } from '../domain/identifiers.ts';
import { jobDecider } from '../domain/job.ts';
import type { Trainer, TrainingEstimate } from '../domain/ports.ts';
import { Refusal } from '../domain/refusal.ts';
import { streamName } from '../domain/streams.ts';
import { countEndedJobs } from '../projections/jobs.ts';
import type { CommandContext } from './command.ts';
import { checkExpense, checkTurn } from './expense.ts';
import { trainerOf } from './model-providers.ts';
import type { RequestedTraining, TrainableDataset, TrainingChoices } from './training-choices.ts';
import { estimateAnswer, isOfEstimate } from './training-estimate.ts';

/** @throws Refusal where the trainer of the place cannot train on this format, or not so */
export async function checkTrainable(
  context: CommandContext,
  { format }: Pick<TrainableDataset, 'format'>,
  { hyperparameters }: Pick<TrainingChoices, 'hyperparameters'>,
): Promise<void> {
  const { services, cause } = context;
  await checkExpense(context);
  await checkTurn(context);
  const trainer = await trainerOf(services, cause.scope);
  const { name, formats, takesNoHyperparameters = false } = trainer;
  if (!formats.includes(format)) {
    throw new Refusal(({ jobs }) => jobs.cannotTrainOn({ trainer: name, format, formats }));
  }
  if (takesNoHyperparameters && Object.keys(hyperparameters).length > 0) {
    throw new Refusal(({ jobs }) => jobs.noHyperparameters(name));
  }
  trainer.checkHyperparameters?.(hyperparameters);
}

/**
 * Requests a job on a dataset, where it costs nothing or is confirmed; the training itself is not waited for.
 * @throws Refusal where the trainer finds that it cannot be trained on
 */
export async function requestTraining(
  context: CommandContext,
  dataset: TrainableDataset,
  choices: TrainingChoices,
): Promise<RequestedTraining> {
  const { services, cause, handle, words, prior } = context;
  const trainer = await trainerOf(services, cause.scope);
  if (prior?.type !== 'TrainingRequested') {
    const estimate = await estimateOf(trainer, dataset, choices);
    // What is not known may be anything.
    if (estimate !== null && estimate.cost?.amount !== 0) {
      const terms = { trainer, dataset, choices, estimate };
      if (!isConfirmed(choices, { ...terms, scope: cause.scope })) return estimateAnswer(context, terms);
    }
  }
  const job = await jobId(context, trainer, dataset, choices);
  const { dataset: sha256, format, examples } = dataset;
  const request = {
    job,
    dataset: sha256,
    format,
    examples,
    trainer: trainer.name,
    baseModel: trainer.trainsFrom ?? trainer.baseModel,
    hyperparameters: choices.hyperparameters,
  };
  const { events } = await handle(streamName(cause.scope, 'job', job), jobDecider, {
    kind: 'request training',
    request,
  });
  const isRepeated = events.length === 0 && choices.confirmation.kind === 'as estimated';
  return {
    text: isRepeated
      ? words.jobs.confirmedBefore({ job: shorten(job), dataset: shorten(sha256) })
      : words.jobs.started({ job: shorten(job), dataset: shorten(sha256), examples, format, sha256 }),
    data: { job, dataset: sha256, sha256, format, examples, trainer: trainer.name },
  };
}

async function estimateOf(
  trainer: Trainer,
  { dataset: sha256, bytes, format, examples, manifest }: TrainableDataset,
  { hyperparameters }: TrainingChoices,
): Promise<TrainingEstimate | null> {
  const dataset = { sha256, bytes, format, examples, manifest };
  return (await trainer.estimate?.({ dataset, hyperparameters })) ?? null;
}

function isConfirmed({ confirmation }: TrainingChoices, terms: Parameters<typeof isOfEstimate>[1]): boolean {
  if (confirmation.kind === 'as estimated') return isOfEstimate(confirmation.estimate, terms);
  return confirmation.kind === 'whatever it takes';
}

/**
 * What was estimated once is trained once, however often it is confirmed. Where nothing was shown, what is asked for
 * again while a job goes on is that job.
 */
async function jobId(
  { cause, prior, services }: CommandContext,
  trainer: Trainer,
  { dataset }: TrainableDataset,
  { confirmation, hyperparameters }: TrainingChoices,
): Promise<string> {
  if (prior?.type === 'TrainingRequested') return prior.data.job;
  const { scope } = cause;
  if (confirmation.kind === 'as estimated') return deriveId('estimated', scope, confirmation.estimate);
  if (prior !== null || confirmation.kind === 'none' || trainer.estimate === undefined) {
    return deriveId(cause.commandId, 'job');
  }
  const ended = await countEndedJobs(services.readModels.db, scope, dataset);
  return deriveId('confirmed', scope, dataset, trainer.name, JSON.stringify(hyperparameters), ended);
}
