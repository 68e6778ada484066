import type { Kysely } from 'kysely';
import type { Recorded } from '../domain/events.ts';
import { defaultPolicy, Policy } from '../domain/policy.ts';
import type { Projection } from './projection.ts';
import type { MemberRow, PolicyRow, Tables } from './tables.ts';

/** So that those who do a lot are not looked for in the table every time. */
const REMEMBERED_MEMBERS = 10_000;

type Consent = NonNullable<MemberRow['consent']>;

/** Who did anything in a scope and consented to what, and the policies of the scopes. */
export const membersProjection: Projection = {
  name: 'members',
  version: 2,
  prepare(statements) {
    const insertMember = statements.insert('members');
    const setConsent = statements.change<Pick<MemberRow, 'scope' | 'id' | 'consent'>>(
      (query, { scope, id, consent }) =>
        query.updateTable('members').set({ consent }).where('scope', '=', scope).where('id', '=', id),
    );
    const setPolicy = statements.change<PolicyRow>((query, { scope, ordinal, policy, reference }) =>
      query
        .insertInto('policies')
        .values({ scope, ordinal, policy, reference })
        .onConflict((conflict) =>
          conflict.column('scope').doUpdateSet((eb) => ({
            ordinal: eb.ref('excluded.ordinal'),
            policy: eb.ref('excluded.policy'),
            reference: eb.ref('excluded.reference'),
          })),
        ),
    );
    const known = new Set<string>();

    function see(scope: string, id: string, ordinal: number): void {
      const key = `${scope}\0${id}`;
      if (known.has(key)) return;
      insertMember({ scope, id, first_ordinal: ordinal, consent: null });
      if (known.size === REMEMBERED_MEMBERS) known.clear();
      known.add(key);
    }

    function record(
      consent: Consent,
      {
        data: { member: id },
        metadata: { scope },
      }: Recorded<'ConsentGiven'> | Recorded<'ConsentWithdrawn'> | Recorded<'MemberErased'>,
      ordinal: number,
    ): void {
      see(scope, id, ordinal);
      setConsent({ scope, id, consent });
    }

    return {
      take(event, ordinal) {
        const { scope, actor } = event.metadata;
        see(scope, actor, ordinal);
        switch (event.type) {
          case 'ConsentGiven':
            record('consented', event, ordinal);
            break;
          case 'ConsentWithdrawn':
            record('withdrawn', event, ordinal);
            break;
          case 'MemberErased':
            record('erased', event, ordinal);
            break;
          case 'PolicyRecorded':
            setPolicy(policyRow(event, ordinal));
            break;
        }
      },
    };
  },
};

function policyRow({ data, metadata }: Recorded<'PolicyRecorded'>, ordinal: number): PolicyRow {
  const { policy, reference } = data;
  return { scope: metadata.scope, ordinal, policy: JSON.stringify(policy), reference };
}

export async function findMember(
  db: Kysely<Tables>,
  scope: string,
  id: string,
): Promise<MemberRow | undefined> {
  return db
    .selectFrom('members')
    .selectAll()
    .where('scope', '=', scope)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What may be trained on in a scope. */
export async function policyOf(db: Kysely<Tables>, scope: string): Promise<Policy> {
  return (await policyWithReference(db, scope)).policy;
}

/** With what it rests on, such as Discord's written permission; null where it rests on nothing. */
export async function policyWithReference(
  db: Kysely<Tables>,
  scope: string,
): Promise<{ readonly policy: Policy; readonly reference: string | null }> {
  const row = await db
    .selectFrom('policies')
    .select(['policy', 'reference'])
    .where('scope', '=', scope)
    .executeTakeFirst();
  return row === undefined
    ? { policy: defaultPolicy, reference: null }
    : { policy: Policy.parse(JSON.parse(row.policy)), reference: row.reference };
}
