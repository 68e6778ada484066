import { expect, test } from 'vitest';
import type { DomainEvent } from '../../src/domain/events.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { findMember, policyOf } from '../../src/projections/members.ts';
import { prediction, Scenario } from './scenario.ts';

function consent(type: 'ConsentGiven' | 'ConsentWithdrawn' | 'MemberErased', member: string): DomainEvent {
  return { type, data: { member } };
}

test('whoever did anything is a member from then on', async () => {
  const scenario = await Scenario.begin();
  await scenario.happened(prediction('a1'), { actor: 'ada' });
  const { ordinal } = await scenario.happened(prediction('a2'), { actor: 'bob' });
  await scenario.happened(prediction('a3'), { actor: 'bob' });

  expect(await findMember(scenario.db, 'local', 'bob')).toEqual({
    scope: 'local',
    id: 'bob',
    first_ordinal: ordinal,
    consent: null,
  });
  expect(await findMember(scenario.db, 'guild', 'bob')).toBeUndefined();
  expect(await findMember(scenario.db, 'local', 'eve')).toBeUndefined();
});

test('a member’s consent is what was said last, whoever recorded it', async () => {
  const scenario = await Scenario.begin();
  const consentOf = async (id: string) => (await findMember(scenario.db, 'local', id))?.consent;

  await scenario.happened(consent('ConsentGiven', 'bob'), { actor: 'ada' });
  expect([await consentOf('bob'), await consentOf('ada')]).toEqual(['consented', null]);
  await scenario.happened(consent('ConsentWithdrawn', 'bob'));
  expect(await consentOf('bob')).toBe('withdrawn');
  await scenario.happened(consent('MemberErased', 'bob'));
  expect(await consentOf('bob')).toBe('erased');
});

test('the policy of a scope is the one recorded last there, and the default before', async () => {
  const scenario = await Scenario.begin();
  const strict = { permittedOrigins: ['file' as const], consentRequired: [], maxExampleBytes: 10 };
  expect(await policyOf(scenario.db, 'local')).toEqual(defaultPolicy);

  await scenario.happened({ type: 'PolicyRecorded', data: { policy: defaultPolicy, reference: null } });
  await scenario.happened({ type: 'PolicyRecorded', data: { policy: strict, reference: 'minutes' } });

  expect(await policyOf(scenario.db, 'local')).toEqual(strict);
  expect(await policyOf(scenario.db, 'guild')).toEqual(defaultPolicy);
});
