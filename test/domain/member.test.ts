import { describe, expect, it } from 'vitest';
import { consentAfter, type MemberEvent, memberDecider } from '../../src/domain/member.ts';
import { given } from './given.ts';

const member = 'ada';
const consent = { type: 'ConsentGiven', data: { member } } satisfies MemberEvent;
const withdrawal = { type: 'ConsentWithdrawn', data: { member } } satisfies MemberEvent;
const erasure = { type: 'MemberErased', data: { member } } satisfies MemberEvent;
const give = { kind: 'give consent', member } as const;
const withdraw = { kind: 'withdraw consent', member } as const;

describe('the consent of a member', () => {
  it.each([
    { before: [], command: give, events: [consent] },
    { before: [consent], command: give, events: [] },
    { before: [consent, withdrawal], command: give, events: [consent] },
    { before: [], command: withdraw, events: [withdrawal] },
    { before: [consent], command: withdraw, events: [withdrawal] },
    { before: [withdrawal], command: withdraw, events: [] },
    { before: [consent, erasure], command: give, events: [consent] },
  ])('after $before.length events, $command.kind records $events.length', ({ before, command, events }) => {
    given(memberDecider, ...before)
      .when(command)
      .thenRecords(...events);
  });

  it('is what was said last', () => {
    expect([consent, withdrawal, erasure].map(consentAfter)).toEqual(['consented', 'withdrawn', 'erased']);
  });
});
