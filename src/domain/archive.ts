import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf } from './events.ts';

export type ArchiveEvent = EventOf<'DatasetArchived'>;

/** An archive is named by its content; archiving the same content again is worth recording again. */
export const archiveDecider: Decider<EventData<'DatasetArchived'>, null, ArchiveEvent> = {
  initial: null,
  takes: eventsOfTypes<ArchiveEvent>('DatasetArchived'),
  decide: (archived) => [{ type: 'DatasetArchived', data: archived }],
  evolve: () => null,
};
