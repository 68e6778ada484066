import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventOf } from './events.ts';

export type MemberEvent = EventOf<'ConsentGiven' | 'ConsentWithdrawn' | 'MemberErased'>;

export type MemberCommand =
  | { readonly kind: 'give consent'; readonly member: string }
  | { readonly kind: 'withdraw consent'; readonly member: string };

/** `given on purpose only`: nothing was said, so only what is given on purpose may be trained on. */
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
