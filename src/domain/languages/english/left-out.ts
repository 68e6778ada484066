/** Why something is not in a dataset. */
export const leftOut = {
  line: ({ count, reason }: { count: number; reason: string }) => `left out: ${count} (${reason})`,
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
};
