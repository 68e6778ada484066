import { z } from 'zod';

/** How a text reached us. */
export const Origin = z.enum(['message', 'interaction', 'upload', 'voice', 'console', 'file']);
export type Origin = z.infer<typeof Origin>;

/** What may be trained on. Recorded in the ledger for each scope and copied into every dataset built under it. */
export const Policy = z.object({
  permittedOrigins: z.array(Origin),
  /** Texts of these origins need their author's recorded consent; the others are given on purpose. */
  consentRequired: z.array(Origin),
  /** Bytes of one canonical dataset line. */
  maxExampleBytes: z.int().positive(),
});
export type Policy = z.infer<typeof Policy>;

/**
 * What holds until a scope records its own. `message` and `voice` are left out because rule 21 of Discord's
 * Developer Policy forbids training on message content without Discord's express permission.
 */
export const defaultPolicy: Policy = {
  permittedOrigins: ['interaction', 'upload', 'console', 'file'],
  consentRequired: ['message', 'voice'],
  maxExampleBytes: 262_144,
};

/** The same policy with messages taken or left out. Their authors must have consented in any case. */
export function withMessages(policy: Policy, permitted: boolean): Policy {
  const others = policy.permittedOrigins.filter((origin) => origin !== 'message');
  const consentRequired: Origin[] = policy.consentRequired.includes('message')
    ? policy.consentRequired
    : [...policy.consentRequired, 'message'];
  return { ...policy, permittedOrigins: permitted ? [...others, 'message'] : others, consentRequired };
}
