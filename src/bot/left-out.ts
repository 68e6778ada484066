import type { LeftOutReason } from '../domain/events.ts';

/** Why something is not in a dataset, in words. */
export const leftOutWords: Readonly<Record<LeftOutReason, string>> = {
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
};

/** A line for each reason; empty where nothing was left out. */
export function leftOutLines(
  leftOut: readonly { readonly reason: LeftOutReason; readonly count: number }[],
): string[] {
  return leftOut.map(({ reason, count }) => `left out: ${count} (${leftOutWords[reason]})`);
}
