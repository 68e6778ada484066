import type { EventData } from '../domain/events.ts';
import type { JsonObject } from '../domain/surface.ts';
import type { Answered } from './command.ts';

export type TrainableDataset = Pick<
  EventData<'DatasetBuilt'>,
  'dataset' | 'format' | 'examples' | 'bytes' | 'manifest'
>;

export interface TrainingChoices {
  readonly hyperparameters: EventData<'TrainingRequested'>['hyperparameters'];
  readonly confirmation: Confirmation;
}

/** Whether a training may cost something: not so far, whatever it takes, or what an estimate with this id has said. */
export type Confirmation =
  | { readonly kind: 'none' | 'whatever it takes' }
  | { readonly kind: 'as estimated'; readonly estimate: string };

/** What came of asking for a training: a job, or what it will cost. */
export type RequestedTraining = Pick<Answered, 'actions'> & {
  readonly text: string;
  readonly data: JsonObject;
};
