import { z } from 'zod';

/** How a place is run. Recorded in the ledger for each scope. */
export const ScopeSettings = z.object({
  /** Whose holders are trainers, beside the managers. */
  trainerRoles: z.array(z.string()).readonly(),
  /** Channels where every message is a question, beside those where the bot is addressed. */
  answerChannels: z.array(z.string()).readonly(),
  /** Whether corrections by members who are no trainers wait for one. */
  review: z.enum(['untrusted', 'off']),
  /** Null: the place's own language. */
  locale: z.enum(['en', 'ru']).nullable(),
});
export type ScopeSettings = z.infer<typeof ScopeSettings>;

/** What holds until a scope records its own. */
export const defaultScopeSettings: ScopeSettings = {
  trainerRoles: [],
  answerChannels: [],
  review: 'untrusted',
  locale: null,
};
