import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventOf } from './events.ts';

export type ProcessEvent = EventOf<'ProcessSeen'>;

export type ProcessCommand = { readonly kind: 'be seen'; readonly process: string };

/** One of the processes that share the ledger, as the others know it. */
export const processDecider: Decider<ProcessCommand, null, ProcessEvent> = {
  initial: null,
  growsLong: true,
  takes: eventsOfTypes<ProcessEvent>('ProcessSeen'),
  decide: ({ process }) => [{ type: 'ProcessSeen', data: { process } }],
  evolve: (state) => state,
};
