import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import { LedgerError } from '../../../src/domain/ledger.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { readAll, readStream } from '../../domain/appending.ts';

export type Verdict =
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'intact' }
  | { readonly kind: 'silently changed'; readonly difference: string };

/** Opens a ledger that something was done to and reads all of it, by position and by stream. */
export async function judge(file: string, original: readonly StoredEvent[]): Promise<Verdict> {
  try {
    const ledger = await openSqliteLedger({ file });
    try {
      const all = await readAll(ledger);
      if (JSON.stringify(all) !== JSON.stringify(original))
        return changed(`${all.length} events by position`);
      for (const stream of new Set(original.map((event) => event.stream))) {
        const events = await readStream(ledger, stream);
        const expected = original.filter((event) => event.stream === stream);
        if (JSON.stringify(events) !== JSON.stringify(expected))
          return changed(`${events.length} events of ${stream}`);
      }
      return { kind: 'intact' };
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', sentence: error.message };
    if (error instanceof LedgerError && error.fault.kind === 'unavailable') {
      return { kind: 'refused', sentence: error.message };
    }
    throw error;
  }
}

function changed(difference: string): Verdict {
  return { kind: 'silently changed', difference };
}
