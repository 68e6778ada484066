import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventOf } from './events.ts';

export type MemberEvent = EventOf<'ConsentGiven' | 'ConsentWithdrawn' | 'MemberErased'>;

export type MemberCommand =
  | { readonly kind: 'give consent'; readonly member: string }
  | { readonly kind: 'withdraw consent'; readonly member: string };

/**
 * What a member lets us do with their texts in a scope. `given on purpose only`: nothing was said, so only what is
 * given on purpose may be trained on.
 *
 * Consent covers all that the member wrote there, before and after, until it is withdrawn: whoever gives it is told
 * so. A withdrawal takes all of it out of every dataset that is built from then on, and consent given again brings it
 * back. A dataset goes by what had been said up to its last event, so one of an earlier day is built again the same.
 */
export type MemberState = 'given on purpose only' | 'consented' | 'withdrawn' | 'erased';

export const memberDecider: Decider<MemberCommand, MemberState, MemberEvent> = {
  initial: 'given on purpose only',
  takes: eventsOfTypes<MemberEvent>('ConsentGiven', 'ConsentWithdrawn', 'MemberErased'),
  decide,
  evolve: (_, event) => consentAfter(event),
};

function decide({ kind, member }: MemberCommand, state: MemberState): Decision<MemberEvent> {
  if (kind === 'give consent')
    return state === 'consented' ? [] : [{ type: 'ConsentGiven', data: { member } }];
  return state === 'withdrawn' ? [] : [{ type: 'ConsentWithdrawn', data: { member } }];
}

export function consentAfter(event: MemberEvent): MemberState {
  switch (event.type) {
    case 'ConsentGiven':
      return 'consented';
    case 'ConsentWithdrawn':
      return 'withdrawn';
    case 'MemberErased':
      return 'erased';
  }
}
