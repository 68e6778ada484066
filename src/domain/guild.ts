import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventOf } from './events.ts';
import { defaultPolicy, type Policy } from './policy.ts';

export type GuildEvent = EventOf<
  'PolicyRecorded' | 'FileSent' | 'InstructionShown' | 'VoiceJoined' | 'VoiceLeft' | 'FeedbackGiven'
>;

export interface GuildState {
  readonly policy: Policy;
}

/** What happens in a scope that belongs to no answer, dataset, job or model; nothing of it is ever refused. */
export const guildDecider: Decider<readonly GuildEvent[], GuildState, GuildEvent> = {
  initial: { policy: defaultPolicy },
  takes: eventsOfTypes<GuildEvent>(
    'PolicyRecorded',
    'FileSent',
    'InstructionShown',
    'VoiceJoined',
    'VoiceLeft',
    'FeedbackGiven',
  ),
  decide: (happened) => happened,
  evolve: (state, event) => (event.type === 'PolicyRecorded' ? { policy: event.data.policy } : state),
};
