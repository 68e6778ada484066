import { hash } from 'node:crypto';
import type { SerialisedEvent } from '../../../domain/event-content.ts';

/** A place in the ledger; position 0 is before the first event. */
export interface Link {
  readonly position: number;
  /** 64 hex digits. */
  readonly hash: string;
}

export const START: Link = { position: 0, hash: '0'.repeat(64) };

/**
 * The hash that is kept with an event: SHA-256 over the hash of the event before it in the ledger and over its own
 * content, a line each. No field can hold a line feed (JSON escapes them, names may not have them), so two
 * different events never give the same lines.
 */
export function hashEvent(
  previousHash: string,
  stream: string,
  revision: number,
  { id, type, data, metadata }: SerialisedEvent,
): string {
  return hash('sha256', `${previousHash}\n${id}\n${stream}\n${revision}\n${type}\n${data}\n${metadata}\n`);
}
