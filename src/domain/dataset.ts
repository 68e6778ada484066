import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf } from './events.ts';

export type DatasetEvent = EventOf<'DatasetSelected' | 'DatasetBuilt' | 'DatasetExamplesListed'>;

/** Where a line of a built dataset comes from; the correction is null where a rating made the example. */
export interface ListedExample {
  readonly answer: string;
  readonly correction: string | null;
}

export type DatasetCommand =
  | { readonly kind: 'select'; readonly selected: EventData<'DatasetSelected'> }
  | {
      readonly kind: 'build';
      readonly built: EventData<'DatasetBuilt'>;
      /** In the order of the lines. */
      readonly examples: readonly ListedExample[];
    };

export interface DatasetState {
  /** As they were listed last. Other corrections can give the same bytes, and then they are listed anew. */
  readonly listed: readonly ListedExample[];
}

/** A hundred thousand ids do not fit into one event. */
const EXAMPLES_PER_EVENT = 2_000;

export const datasetDecider: Decider<DatasetCommand, DatasetState, DatasetEvent> = {
  initial: { listed: [] },
  takes: eventsOfTypes<DatasetEvent>('DatasetSelected', 'DatasetBuilt', 'DatasetExamplesListed'),
  decide,
  evolve,
};

function decide(command: DatasetCommand, state: DatasetState): Decision<DatasetEvent> {
  if (command.kind === 'select') return [{ type: 'DatasetSelected', data: command.selected }];
  const built = { type: 'DatasetBuilt', data: command.built } as const;
  return isSame(state.listed, command.examples)
    ? [built]
    : [built, ...listExamples(command.built.dataset, command.examples)];
}

function evolve({ listed }: DatasetState, event: DatasetEvent): DatasetState {
  if (event.type !== 'DatasetExamplesListed') return { listed };
  const { firstLine, examples } = event.data;
  return { listed: firstLine === 1 ? examples : [...listed, ...examples] };
}

function isSame(listed: readonly ListedExample[], examples: readonly ListedExample[]): boolean {
  return (
    listed.length === examples.length &&
    listed.every(
      ({ answer, correction }, index) =>
        answer === examples[index]?.answer && correction === examples[index]?.correction,
    )
  );
}

function listExamples(
  dataset: string,
  examples: readonly ListedExample[],
): EventOf<'DatasetExamplesListed'>[] {
  const chunks = Math.ceil(examples.length / EXAMPLES_PER_EVENT);
  return Array.from({ length: chunks }, (_, chunk) => {
    const start = chunk * EXAMPLES_PER_EVENT;
    return {
      type: 'DatasetExamplesListed',
      data: { dataset, firstLine: start + 1, examples: examples.slice(start, start + EXAMPLES_PER_EVENT) },
    };
  });
}
