/** Why something is not in a dataset. */
export const leftOut = {
  line: ({ count, reason, remedy }: { count: number; reason: string; remedy: string | null }) =>
    `left out: ${count} (${reason}${remedy === null ? '' : `; ${remedy}`})`,
  reasons: {
    withdrawn: 'withdrawn by whoever gave it',
    rejected: 'rejected in review',
    awaiting_review: 'waiting for review',
    superseded: 'a later correction of the same answer stands',
    before_selection: 'given before the time selected by since',
    not_consented: 'its author has not consented',
    origin_not_permitted: 'the policy does not permit its origin',
    erased: 'its author was erased',
    duplicate: 'the same example is already in it',
    too_long: 'too long',
    same_as_answer: 'the correction says the same as the answer',
    ratings_tied: 'as many thumbs up as down',
  },
  /** What would change it, where somebody can. */
  remedies: {
    awaiting_review: (prefix: string) => `${prefix}review lets a trainer decide`,
    not_consented: (prefix: string) => `${prefix}privacy consent gives it`,
    origin_not_permitted: (prefix: string) => `${prefix}policy says why and what would permit it`,
  },
};
