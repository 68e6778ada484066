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
  /**
   * What a model has to show before it is promoted, beside that it answers: nothing, or an evaluation on the held-out
   * part of its dataset that is better than the active model's.
   */
  gate: z.enum(['off', 'evaluation']),
  /** The name of the trainer that trains here, and whose base model answers; null: the operator's usual one. */
  trainer: z.string().nullable(),
});
export type ScopeSettings = z.infer<typeof ScopeSettings>;

/** What holds until a scope records its own. */
export const defaultScopeSettings: ScopeSettings = {
  trainerRoles: [],
  answerChannels: [],
  review: 'untrusted',
  locale: null,
  gate: 'off',
  trainer: null,
};

export function isSameSettings(one: ScopeSettings, other: ScopeSettings): boolean {
  return (
    isSameList(one.trainerRoles, other.trainerRoles) &&
    isSameList(one.answerChannels, other.answerChannels) &&
    one.review === other.review &&
    one.locale === other.locale &&
    one.gate === other.gate &&
    one.trainer === other.trainer
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** Whether a correction waits for a trainer before it counts. */
export function needsReview({ review }: Pick<ScopeSettings, 'review'>, isTrainer: boolean): boolean {
  return review === 'untrusted' && !isTrainer;
}
