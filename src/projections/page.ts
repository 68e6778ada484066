/** A part of a list that is shown newest first. */
export interface Page {
  /** An ordinal, exclusive; null from the newest on. */
  readonly before: number | null;
  readonly limit: number;
}

/** A conversation's place, seen from the event with the ordinal `before` (exclusive; null: from now). */
export interface Viewpoint {
  readonly scope: string;
  readonly channel: string;
  readonly before: number | null;
}

/** Above every ordinal. */
export const ANY_ORDINAL = Number.MAX_SAFE_INTEGER;
