import type { LedgerFault } from '../../../domain/ledger.ts';
import type { Outcome } from './writer.ts';

/** Outcomes as a few arrays: a thread hands those over in a fraction of the time that as many objects take. */
export interface OutcomeBatch {
  /** One for each append in order; -1 where it failed. */
  readonly revisions: Int32Array;
  readonly positions: Float64Array;
  /** Of the appends that failed, in order. */
  readonly faults: readonly LedgerFault[];
}

export function packOutcomes(outcomes: readonly Outcome[]): OutcomeBatch {
  const revisions = new Int32Array(outcomes.length);
  const positions = new Float64Array(outcomes.length);
  const faults: LedgerFault[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if ('kind' in outcome) faults.push(outcome);
    revisions[index] = 'kind' in outcome ? -1 : outcome.revision;
    positions[index] = 'kind' in outcome ? 0 : Number(outcome.position);
  }
  return { revisions, positions, faults };
}

/** What was packed. */
export function unpackOutcomes({ revisions, positions, faults }: OutcomeBatch): Outcome[] {
  let failed = 0;
  return Array.from(revisions, (revision, index) => {
    const fault = revision === -1 ? faults[failed++] : undefined;
    return fault ?? { revision, position: String(positions[index]) };
  });
}
