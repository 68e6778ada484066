import { createHash } from 'node:crypto';
import { decodeEvent, UnreadableEvent } from '../../domain/events.ts';
import type { Ledger } from '../../domain/ledger.ts';
import { Refusal } from '../../domain/refusal.ts';
import { exportedLine } from './exported-line.ts';

export interface WholeLedger {
  readonly events: number;
  readonly streams: number;
  /** SHA-256 of the export, in hex: the same wherever the same ledger is kept. */
  readonly hash: string;
}

/**
 * Reads every event of a ledger of any kind.
 * @throws Refusal naming the first that this program cannot read or whose stream has a gap, LedgerError
 */
export async function readWhole(ledger: Ledger): Promise<WholeLedger> {
  const revisions = new Map<string, number>();
  const hash = createHash('sha256');
  let events = 0;
  for await (const event of ledger.readAll()) {
    const { stream, revision, id } = event;
    const before = revisions.get(stream) ?? revision - 1;
    if (revision !== before + 1) {
      throw new Refusal(
        `The stream ${stream} goes on with revision ${revision} after ${before} (event ${id}), so something is missing; restore a backup of the server.`,
      );
    }
    revisions.set(stream, revision);
    try {
      decodeEvent(event);
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      throw new Refusal(`The ledger cannot be read to its end: ${error.message}.`);
    }
    hash.update(`${exportedLine(event)}\n`);
    events++;
  }
  return { events, streams: revisions.size, hash: hash.digest('hex') };
}
