/** How far a trainer is, as far as it says. */
export interface Progress {
  readonly step: number;
  /** 0 where it is not known. */
  readonly total: number;
  readonly loss: number | null;
}
