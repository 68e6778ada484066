/** How far a trainer is, as far as it says. */
export interface Progress {
  readonly step: number;
  /** 0 where it is not known. */
  readonly total: number;
  readonly loss: number | null;
  /** On what is held out of the training. */
  readonly evaluationLoss?: number | null;
  readonly learningRate?: number | null;
}
