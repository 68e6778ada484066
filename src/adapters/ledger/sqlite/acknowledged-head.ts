import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Link } from './chain.ts';

const POSITION_DIGITS = 16;
const PATTERN = /^(\d{16}) ([0-9a-f]{64})\n$/;

/** Beside the ledger's file: which event was the newest that was acknowledged. */
export function acknowledgedHeadFile(ledgerFile: string): string {
  return `${ledgerFile}-head`;
}

/**
 * Says outside of the ledger's file how far the ledger has come, so that a ledger that lost its newest events is
 * told from one that never had them: SQLite takes a damaged or missing write-ahead log for the end of the ledger.
 * It is written after a commit is on the disk, and is not forced there itself, so it may lag but never lead.
 */
export class AcknowledgedHead {
  readonly #descriptor: number;

  constructor(ledgerFile: string, head: Link) {
    this.#descriptor = openSync(acknowledgedHeadFile(ledgerFile), constants.O_RDWR | constants.O_CREAT);
    const isNew = fstatSync(this.#descriptor).size === 0;
    this.write(head);
    if (isNew) fsyncSync(this.#descriptor);
  }

  /** In place and always of the same length, so it is never torn. */
  write({ position, hash }: Link): void {
    writeSync(this.#descriptor, `${String(position).padStart(POSITION_DIGITS, '0')} ${hash}\n`, 0);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Null where nothing was noted, as with a ledger that was copied alone. */
export function readAcknowledgedHead(ledgerFile: string): Link | 'unreadable' | null {
  const content = readIfThere(acknowledgedHeadFile(ledgerFile));
  if (content === '') return null;
  const [, position, hash] = PATTERN.exec(content) ?? [];
  return position === undefined || hash === undefined ? 'unreadable' : { position: Number(position), hash };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
