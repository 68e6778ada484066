import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/domain/events.ts';
import { type GuildEvent, guildDecider } from '../../src/domain/guild.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { defaultScopeSettings, needsReview, type ScopeSettings } from '../../src/domain/scope-settings.ts';
import { given } from './given.ts';
import { samples } from './samples.ts';

const happened = [
  { type: 'FileSent', data: samples.FileSent },
  { type: 'InstructionShown', data: samples.InstructionShown },
  { type: 'VoiceJoined', data: samples.VoiceJoined },
  { type: 'VoiceLeft', data: samples.VoiceLeft },
  { type: 'FeedbackGiven', data: { ...samples.FeedbackGiven, answer: null } },
] as const satisfies readonly GuildEvent[];

const letter = 'a letter of 3 May';
const withMessages = {
  ...defaultPolicy,
  permittedOrigins: [...defaultPolicy.permittedOrigins, 'message' as const],
};
const permitted: GuildEvent = {
  type: 'PolicyRecorded',
  data: { policy: withMessages, reference: letter },
};
const takenBack: GuildEvent = { type: 'PolicyRecorded', data: { policy: defaultPolicy, reference: null } };

function recordedPolicy(maxExampleBytes: number): EventOf<'PolicyRecorded'> {
  const policy = { ...samples.PolicyRecorded.policy, maxExampleBytes };
  return { type: 'PolicyRecorded', data: { policy, reference: null } };
}

function recordedSettings(changes: Partial<ScopeSettings>): EventOf<'SettingsRecorded'> {
  return { type: 'SettingsRecorded', data: { settings: { ...defaultScopeSettings, ...changes } } };
}

function stateAfter(...events: readonly GuildEvent[]) {
  return events.reduce(guildDecider.evolve, guildDecider.initial);
}

describe('a scope', () => {
  it('records what happens in it, also again', () => {
    given(guildDecider, ...happened)
      .when({ kind: 'note', happened })
      .thenRecords(...happened);
  });

  it('has the policy that was recorded last, ours until then', () => {
    const events = [...happened, recordedPolicy(10), recordedPolicy(20), ...happened];
    const policies = events.map((_, index) => stateAfter(...events.slice(0, index + 1)).policy);
    expect(policies[4]).toBe(defaultPolicy);
    expect(policies.slice(5).map(({ maxExampleBytes }) => maxExampleBytes)).toEqual([
      10,
      ...Array(6).fill(20),
    ]);
  });

  it('trains on nothing that came as a Discord message or by voice until it says so', () => {
    expect(defaultPolicy.permittedOrigins).toEqual(['interaction', 'upload', 'console', 'file']);
    expect(defaultPolicy.consentRequired).toEqual(['message', 'voice']);
  });
});

describe("Discord's permission to train on messages", () => {
  const permit = { kind: 'permit messages', reference: letter } as const;
  const takeBack = { kind: 'permit messages', reference: null } as const;

  it('is recorded with where it can be found, and messages count, though not without consent', () => {
    given(guildDecider).when(permit).thenRecords(permitted);
    expect(withMessages.consentRequired).toContain('message');
  });

  it('asks for consent even where an earlier policy did not', () => {
    const lax = { ...defaultPolicy, consentRequired: [] };
    const policy = { ...withMessages, consentRequired: ['message' as const] };
    given(guildDecider, { type: 'PolicyRecorded', data: { policy: lax, reference: null } })
      .when(permit)
      .thenRecords({ type: 'PolicyRecorded', data: { policy, reference: letter } });
  });

  it('is recorded anew where it rests on something else', () => {
    given(guildDecider, permitted)
      .when({ ...permit, reference: 'a ticket' })
      .thenRecords({ type: 'PolicyRecorded', data: { policy: withMessages, reference: 'a ticket' } });
  });

  it('can be taken back, and given again', () => {
    given(guildDecider, permitted).when(takeBack).thenRecords(takenBack);
    given(guildDecider, permitted, takenBack).when(permit).thenRecords(permitted);
  });

  it('is no news where it is known, or was never given', () => {
    given(guildDecider, permitted).when(permit).thenRecords();
    given(guildDecider).when(takeBack).thenRecords();
    given(guildDecider, permitted, takenBack).when(takeBack).thenRecords();
  });
});

describe('the settings of a scope', () => {
  it('change only where something else is said, and the rest stays as it was', () => {
    given(guildDecider, recordedSettings({ trainerRoles: ['r1'], review: 'off' }))
      .when({ kind: 'change settings', changes: { answerChannels: ['c1'] } })
      .thenRecords(recordedSettings({ trainerRoles: ['r1'], review: 'off', answerChannels: ['c1'] }));
  });

  it.each<Partial<ScopeSettings>>([
    {},
    { trainerRoles: ['r1', 'r2'] },
    { answerChannels: [] },
    { review: 'untrusted' },
    { locale: null },
    { gate: 'off' },
  ])('are not recorded where nothing changes: %j', (changes) => {
    given(guildDecider, recordedSettings({ trainerRoles: ['r1', 'r2'] }))
      .when({ kind: 'change settings', changes })
      .thenRecords();
  });

  it.each<Partial<ScopeSettings>>([
    { trainerRoles: ['r1'] },
    { trainerRoles: ['r2', 'r1'] },
    { answerChannels: ['c1'] },
    { review: 'off' },
    { locale: 'ru' },
    { gate: 'evaluation' },
  ])('are recorded where one of them changes: %j', (changes) => {
    given(guildDecider, recordedSettings({ trainerRoles: ['r1', 'r2'] }))
      .when({ kind: 'change settings', changes })
      .thenRecords(recordedSettings({ trainerRoles: ['r1', 'r2'], ...changes }));
  });

  it('let the corrections of members who are no trainers wait, unless they say otherwise', () => {
    expect(needsReview(defaultScopeSettings, false)).toBe(true);
    expect(needsReview(defaultScopeSettings, true)).toBe(false);
    expect(needsReview({ review: 'off' }, false)).toBe(false);
  });

  it('are those that were recorded last', () => {
    const { settings, policy } = stateAfter(recordedSettings({ locale: 'ru' }), recordedSettings({}));
    expect(settings).toEqual(defaultScopeSettings);
    expect(policy).toBe(defaultPolicy);
  });
});
