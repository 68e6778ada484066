import { hash } from 'node:crypto';
import { closeSync, constants, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import type { Link } from './chain.ts';

/** Up to this size a ledger can be looked at as a whole on every start, in less than a tenth of a second. */
export const SMALL_LEDGER_BYTES = 8 * 1024 * 1024;

const POSITION_DIGITS = 16;
const NO_SEAL = '-'.repeat(64);
const PATTERN = /^(\d{16}) ([0-9a-f]{64}) ([0-9a-f]{64}|-{64})\n$/;

/** What is known of a ledger from outside of its file. */
export interface AcknowledgedHead {
  /** The newest event that was acknowledged, or one shortly before it. */
  readonly link: Link;
  /** SHA-256 of the file as it was closed; null while it is open, and where it is too large to look at it often. */
  readonly seal: string | null;
}

/** Beside the ledger's file. */
export function acknowledgedHeadFile(ledgerFile: string): string {
  return `${ledgerFile}-head`;
}

/** Null where nothing is known, as with a ledger that was copied alone. */
export function readAcknowledgedHead(ledgerFile: string): AcknowledgedHead | 'unreadable' | null {
  const content = readIfThere(acknowledgedHeadFile(ledgerFile));
  if (content === '') return null;
  const [, position, linkHash, seal] = PATTERN.exec(content) ?? [];
  if (position === undefined || linkHash === undefined || seal === undefined) return 'unreadable';
  return { link: { position: Number(position), hash: linkHash }, seal: seal === NO_SEAL ? null : seal };
}

/** Whether a closed ledger's file is to the bit as it was closed; null where that cannot be told. */
export function isSealIntact(ledgerFile: string, { seal }: AcknowledgedHead): boolean | null {
  return seal === null || bytesOf(`${ledgerFile}-wal`) > 0 ? null : sealOf(ledgerFile) === seal;
}

/**
 * Keeps the note of an open ledger. SQLite takes a damaged or missing write-ahead log for the end of the ledger;
 * the note tells a ledger that lost its newest events from one that never had them. It follows each commit and is
 * not forced to the disk, so it may lag but never lead.
 */
export class HeadNote {
  readonly #ledgerFile: string;
  readonly #descriptor: number;
  #link: Link;

  /** @param link the ledger's newest event, before anything is written to it */
  constructor(ledgerFile: string, link: Link) {
    this.#ledgerFile = ledgerFile;
    this.#link = link;
    this.#descriptor = openSync(acknowledgedHeadFile(ledgerFile), constants.O_RDWR | constants.O_CREAT);
    this.#write(NO_SEAL);
    // A seal that came back after a power cut would accuse a file that was changed by right.
    fsyncSync(this.#descriptor);
  }

  moveTo(link: Link): void {
    this.#link = link;
    this.#write(NO_SEAL);
  }

  /** Call it when the ledger's file is closed. */
  close(): void {
    const isWhole = bytesOf(`${this.#ledgerFile}-wal`) === 0;
    if (isWhole && bytesOf(this.#ledgerFile) <= SMALL_LEDGER_BYTES) this.#write(sealOf(this.#ledgerFile));
    closeSync(this.#descriptor);
  }

  /** In place and always of the same length, so it is never torn. */
  #write(seal: string): void {
    const position = String(this.#link.position).padStart(POSITION_DIGITS, '0');
    writeSync(this.#descriptor, `${position} ${this.#link.hash} ${seal}\n`, 0);
  }
}

function sealOf(ledgerFile: string): string {
  return hash('sha256', readFileSync(ledgerFile));
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
