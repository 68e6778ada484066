import { decodeEvent, type Recorded } from '../domain/events.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { HistoryRow } from '../projections/tables.ts';

/** The event behind a row of the history: the read models know where it stands, the ledger what it says. */
export async function eventOf(
  ledger: Ledger,
  { stream, revision, event }: Pick<HistoryRow, 'stream' | 'revision' | 'event'>,
): Promise<Recorded> {
  for await (const stored of ledger.readStream(stream, { from: revision, limit: 1 }))
    return decodeEvent(stored);
  throw new Error(`the ledger does not hold the event ${event} that the read models know of`);
}
