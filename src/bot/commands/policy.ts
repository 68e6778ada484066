import { z } from 'zod';
import { isDirect } from '../../domain/direct-messages.ts';
import type { EventData } from '../../domain/events.ts';
import { guildDecider } from '../../domain/guild.ts';
import type { Words } from '../../domain/languages/languages.ts';
import { Origin, type Policy } from '../../domain/policy.ts';
import { Refusal } from '../../domain/refusal.ts';
import { guildStream } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { policyWithReference } from '../../projections/members.ts';
import { defineCommand } from '../command.ts';
import { named, YesOrNo, yesOrNo } from '../options.ts';

export const policy = defineCommand({
  name: 'policy',
  right: 'trainer',
  begins: ['PolicyRecorded'],
  isPrivate: true,
  options: z.object({
    permission: named(MemberText.optional()),
    revoke: named(YesOrNo.default(false), yesOrNo),
  }),
  run: async ({ services, cause, handle, words }, { permission, revoke }) => {
    if (permission !== undefined && revoke) {
      throw new Refusal(({ policy }) => policy.permissionOrRevoke);
    }
    // It was given to whoever runs the bot, which is not everybody who writes to it.
    if (permission !== undefined && isDirect(cause.scope)) {
      throw new Refusal(({ policy }) => policy.notInDirectMessages);
    }
    const { prefix } = services.settings;
    const changed: string[] = [];
    // What this command made of it is told to whoever sends it again, too.
    let recorded: EventData<'PolicyRecorded'> | undefined;
    if (permission !== undefined || revoke) {
      const reference = permission ?? null;
      const command = { kind: 'permit messages', reference } as const;
      const { events } = await handle(guildStream(cause.scope), guildDecider, command);
      recorded = events.find((event) => event.type === 'PolicyRecorded')?.data;
      changed.push(outcomeOf(events.length > 0, reference, words));
    }
    const current = recorded ?? (await policyWithReference(services.readModels.db, cause.scope));
    const { policy } = current;
    return {
      text: [...changed, ...describePolicy(policy, current.reference, words, prefix)].join('\n'),
      data: { ...policy, reference: current.reference },
    };
  },
});

function outcomeOf(isRecorded: boolean, reference: string | null, { policy }: Words): string {
  if (!isRecorded) return policy.unchanged;
  return reference === null ? policy.revoked : policy.recorded(reference);
}

function describePolicy(
  { permittedOrigins, consentRequired }: Policy,
  reference: string | null,
  { policy }: Words,
  prefix: string,
): string[] {
  const shown = (origins: readonly Origin[]) => origins.map((origin) => policy.origins[origin]);
  const leftOut = Origin.options.filter((origin) => !permittedOrigins.includes(origin));
  const withConsent = permittedOrigins.filter((origin) => consentRequired.includes(origin));
  return [
    policy.taken(shown(permittedOrigins)),
    ...(withConsent.length === 0 ? [] : [policy.needsConsent({ origins: shown(withConsent), prefix })]),
    ...(leftOut.length === 0 ? [] : [policy.leftOut(shown(leftOut))]),
    ...(leftOut.includes('message') ? [policy.rule] : []),
    ...(leftOut.includes('voice') ? [policy.spoken] : []),
    ...(reference === null ? [] : [policy.permission(reference)]),
    policy.howTo(prefix),
  ];
}
