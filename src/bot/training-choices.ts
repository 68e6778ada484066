import type { EventData } from '../domain/events.ts';
import type { JsonObject } from '../domain/surface.ts';
import type { Answered } from './command.ts';

export type TrainableDataset = Pick<
  EventData<'DatasetBuilt'>,
  'dataset' | 'format' | 'examples' | 'bytes' | 'manifest'
>;

export interface TrainingChoices {
  readonly hyperparameters: EventData<'TrainingRequested'>['hyperparameters'];
  /** Whoever asks has seen what it takes, or does not want to. */
  readonly confirmed: boolean;
}

/** What came of asking for a training: a job, or what it will cost. */
export type RequestedTraining = Pick<Answered, 'actions'> & {
  readonly text: string;
  readonly data: JsonObject;
};
