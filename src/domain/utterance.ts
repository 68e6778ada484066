import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf } from './events.ts';

export type UtteranceEvent = EventOf<'VoiceMessageTranscribed'>;

export interface UtteranceCommand {
  readonly kind: 'record transcript';
  readonly transcribed: EventData<'VoiceMessageTranscribed'>;
}

export type UtteranceState = 'unknown' | 'transcribed';

/** What somebody said, in a voice message or aloud: it is written down once. */
export const utteranceDecider: Decider<UtteranceCommand, UtteranceState, UtteranceEvent> = {
  initial: 'unknown',
  takes: eventsOfTypes<UtteranceEvent>('VoiceMessageTranscribed'),
  decide: ({ transcribed }, state) =>
    state === 'unknown' ? [{ type: 'VoiceMessageTranscribed', data: transcribed }] : [],
  evolve: () => 'transcribed',
};
