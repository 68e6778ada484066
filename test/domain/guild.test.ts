import { describe, expect, it } from 'vitest';
import type { EventOf } from '../../src/domain/events.ts';
import { type GuildEvent, guildDecider } from '../../src/domain/guild.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { given } from './given.ts';
import { samples } from './samples.ts';

const happened: readonly GuildEvent[] = [
  { type: 'FileSent', data: samples.FileSent },
  { type: 'InstructionShown', data: samples.InstructionShown },
  { type: 'VoiceJoined', data: samples.VoiceJoined },
  { type: 'VoiceLeft', data: samples.VoiceLeft },
  { type: 'FeedbackGiven', data: { ...samples.FeedbackGiven, answer: null } },
];

function recordedPolicy(maxExampleBytes: number): EventOf<'PolicyRecorded'> {
  const policy = { ...samples.PolicyRecorded.policy, maxExampleBytes };
  return { type: 'PolicyRecorded', data: { policy, reference: null } };
}

describe('a scope', () => {
  it('records what happens in it, also again', () => {
    given(guildDecider, ...happened)
      .when(happened)
      .thenRecords(...happened);
  });

  it('has the policy that was recorded last, ours until then', () => {
    const events = [...happened, recordedPolicy(10), recordedPolicy(20), ...happened];
    const policies = events.map(
      (_, index) => events.slice(0, index + 1).reduce(guildDecider.evolve, guildDecider.initial).policy,
    );
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
