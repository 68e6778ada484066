import type { EventData } from '../domain/events.ts';
import { deriveId, shorten } from '../domain/identifiers.ts';
import { jobDecider } from '../domain/job.ts';
import { Refusal } from '../domain/refusal.ts';
import { streamName } from '../domain/streams.ts';
import type { JsonObject } from '../domain/surface.ts';
import type { CommandContext } from './command.ts';
import { trainerOf } from './model-providers.ts';

export type TrainableDataset = Pick<EventData<'DatasetBuilt'>, 'dataset' | 'format' | 'examples'>;

/** @throws Refusal where the trainer of the place cannot train on this format */
export async function checkTrainable(
  { services, cause }: CommandContext,
  { format }: Pick<TrainableDataset, 'format'>,
): Promise<void> {
  const trainer = await trainerOf(services, cause.scope);
  if (trainer.formats.includes(format)) return;
  const { name, formats } = trainer;
  throw new Refusal(({ jobs }) => jobs.cannotTrainOn({ trainer: name, format, formats }));
}

/** Requests a job on a dataset; the training itself is not waited for. */
export async function requestTraining(
  { services, cause, handle, words }: CommandContext,
  { dataset, format, examples }: TrainableDataset,
): Promise<{ readonly text: string; readonly data: JsonObject }> {
  const trainer = await trainerOf(services, cause.scope);
  const job = deriveId(cause.commandId, 'job');
  const request = {
    job,
    dataset,
    format,
    examples,
    trainer: trainer.name,
    baseModel: trainer.trainsFrom ?? trainer.baseModel,
    hyperparameters: {},
  };
  await handle(streamName(cause.scope, 'job', job), jobDecider, { kind: 'request training', request });
  return {
    text: words.jobs.started({
      job: shorten(job),
      dataset: shorten(dataset),
      examples,
      format,
      sha256: dataset,
    }),
    data: { job, dataset, sha256: dataset, format, examples, trainer: trainer.name },
  };
}
