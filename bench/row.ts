/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
  readonly what: string;
  readonly reference: string;
  /** The measured figure; a ratio to the reference unless `goal` names a unit. */
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean;
  /** The absolute figures behind it. */
  readonly details: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
