import { type Decider, type Decision, eventsOfTypes } from './decider.ts';
import type { EventOf } from './events.ts';
import { defaultPolicy, type Policy, withMessages } from './policy.ts';
import { defaultScopeSettings, isSameSettings, type ScopeSettings } from './scope-settings.ts';

/** What happens in a scope that belongs to no answer, dataset, job or model, and that nothing is decided by. */
type Noted = EventOf<'FileSent' | 'InstructionShown' | 'VoiceJoined' | 'VoiceLeft' | 'FeedbackGiven'>;
export type GuildEvent = Noted | EventOf<'PolicyRecorded' | 'SettingsRecorded'>;

export type GuildCommand =
  | { readonly kind: 'note'; readonly happened: readonly Noted[] }
  /** Discord's written permission to train on messages, by where it can be found; null takes it back. */
  | { readonly kind: 'permit messages'; readonly reference: string | null }
  | { readonly kind: 'change settings'; readonly changes: Partial<ScopeSettings> };

export interface GuildState {
  readonly policy: Policy;
  /** What the policy rests on. */
  readonly reference: string | null;
  readonly settings: ScopeSettings;
}

/** A scope as such; nothing of it is ever refused. */
export const guildDecider: Decider<GuildCommand, GuildState, GuildEvent> = {
  initial: { policy: defaultPolicy, reference: null, settings: defaultScopeSettings },
  growsLong: true,
  takes: eventsOfTypes<GuildEvent>(
    'PolicyRecorded',
    'SettingsRecorded',
    'FileSent',
    'InstructionShown',
    'VoiceJoined',
    'VoiceLeft',
    'FeedbackGiven',
  ),
  decide,
  evolve,
};

function decide(command: GuildCommand, state: GuildState): Decision<GuildEvent> {
  switch (command.kind) {
    case 'note':
      return command.happened;
    case 'permit messages': {
      const { reference } = command;
      const policy = withMessages(state.policy, reference !== null);
      const isKnown = reference === state.reference && isSamePolicy(policy, state.policy);
      return isKnown ? [] : [{ type: 'PolicyRecorded', data: { policy, reference } }];
    }
    case 'change settings': {
      const settings = { ...state.settings, ...command.changes };
      return isSameSettings(settings, state.settings)
        ? []
        : [{ type: 'SettingsRecorded', data: { settings } }];
    }
  }
}

function isSamePolicy(one: Policy, other: Policy): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function evolve(state: GuildState, event: GuildEvent): GuildState {
  switch (event.type) {
    case 'PolicyRecorded':
      return { ...state, policy: event.data.policy, reference: event.data.reference };
    case 'SettingsRecorded':
      return { ...state, settings: event.data.settings };
    default:
      return state;
  }
}
