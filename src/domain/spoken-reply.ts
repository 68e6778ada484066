import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf } from './events.ts';

export type SpokenReplyEvent = EventOf<'ReplySpoken'>;

export interface SpokenReplyCommand {
  readonly kind: 'record';
  readonly spoken: EventData<'ReplySpoken'>;
}

export type SpokenReplyState = 'not spoken' | 'queued' | 'ended';

/** The saying of one reply aloud: it is queued, and ends once. What was never queued can only be dropped. */
export const spokenReplyDecider: Decider<SpokenReplyCommand, SpokenReplyState, SpokenReplyEvent> = {
  initial: 'not spoken',
  takes: eventsOfTypes<SpokenReplyEvent>('ReplySpoken'),
  decide: ({ spoken }, state) =>
    isNews(spoken.outcome, state) ? [{ type: 'ReplySpoken', data: spoken }] : [],
  evolve: (_, { data }) => (data.outcome === 'queued' ? 'queued' : 'ended'),
};

function isNews(outcome: EventData<'ReplySpoken'>['outcome'], state: SpokenReplyState): boolean {
  switch (outcome) {
    case 'queued':
      return state === 'not spoken';
    case 'dropped':
      return state !== 'ended';
    default:
      return state === 'queued';
  }
}
