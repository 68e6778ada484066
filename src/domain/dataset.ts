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
    }
  /** What does not fit into the append that says that it was built. */
  | {
      readonly kind: 'list';
      readonly dataset: string;
      /** How many are listed before. */
      readonly listed: number;
      readonly examples: readonly ListedExample[];
    };

export interface DatasetState {
  /** As they were listed last. Other corrections can give the same bytes, and then they are listed anew. */
  readonly listed: readonly ListedExample[];
}

/** A hundred thousand ids do not fit into one event. */
const EXAMPLES_PER_EVENT = 2_000;
/** Some 800 KB together: servers take 1 MiB in one append unless they are told otherwise. */
export const EXAMPLES_PER_APPEND = 4 * EXAMPLES_PER_EVENT;

export const datasetDecider: Decider<DatasetCommand, DatasetState, DatasetEvent> = {
  initial: { listed: [] },
  // While it is listed in several appends.
  growsLong: true,
  takes: eventsOfTypes<DatasetEvent>('DatasetSelected', 'DatasetBuilt', 'DatasetExamplesListed'),
  decide,
  evolve,
};

function decide(command: DatasetCommand, state: DatasetState): Decision<DatasetEvent> {
  if (command.kind === 'select') return [{ type: 'DatasetSelected', data: command.selected }];
  if (command.kind === 'list') return listNext(command, state);
  const built = { type: 'DatasetBuilt', data: command.built } as const;
  return isSame(state.listed, command.examples)
    ? [built]
    : [built, ...listFrom(0, command.built.dataset, command.examples)];
}

function listNext(
  { dataset, listed, examples }: Extract<DatasetCommand, { kind: 'list' }>,
  state: DatasetState,
): Decision<DatasetEvent> {
  // It has been listed anew since, or further.
  if (!isSame(state.listed, examples.slice(0, listed))) return [];
  return listFrom(listed, dataset, examples);
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

/** As many as fit into one append, after those that are listed. */
function listFrom(
  listed: number,
  dataset: string,
  examples: readonly ListedExample[],
): EventOf<'DatasetExamplesListed'>[] {
  const end = Math.min(listed + EXAMPLES_PER_APPEND, examples.length);
  const events: EventOf<'DatasetExamplesListed'>[] = [];
  for (let start = listed; start < end; start += EXAMPLES_PER_EVENT) {
    const ofEvent = examples.slice(start, Math.min(start + EXAMPLES_PER_EVENT, end));
    events.push({
      type: 'DatasetExamplesListed',
      data: { dataset, firstLine: start + 1, examples: ofEvent },
    });
  }
  return events;
}
