import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Refusal } from '../../../domain/refusal.ts';
import { APPLICATION_ID } from './schema.ts';
import { inspectLog, type LogFindings } from './write-ahead-log.ts';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
const WAL_FORMAT = 2;

/** Commits that may stand in a log behind a damaged frame: a power cut can tear the one that was under way. */
const TORN_COMMITS = 1;

/**
 * What has to be seen before SQLite opens the file, because SQLite would put up with it or tidy it away: a file
 * that is something else or was cut short, and a write-ahead log with damage in the middle.
 * @throws Refusal
 */
export function checkFile(file: string): void {
  const { pageSize, pages, bytes } = readHeader(file);
  const log = readLog(file, pageSize);
  if (log.commitsLost > TORN_COMMITS) {
    throw new Refusal(
      `${file}-wal is damaged and ${log.commitsLost} commits after the damage would be lost; ${RESTORE}.`,
    );
  }
  const expected = log.pages ?? pages;
  for (let page = Math.floor(bytes / pageSize) + 1; page <= expected; page++) {
    if (!log.written.has(page)) {
      throw new Refusal(`${file} is cut short: it has ${bytes} bytes of ${expected * pageSize}; ${RESTORE}.`);
    }
  }
}

export const RESTORE = 'restore it from a backup or an export';

interface Header {
  readonly pageSize: number;
  readonly pages: number;
  readonly bytes: number;
}

function readHeader(file: string): Header {
  const { header, bytes } = readStart(file);
  if (bytes === 0) throw new Refusal(`${file} is empty, which a ledger never is; ${RESTORE}.`);
  if (bytes < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Refusal(
      `${file} is not a ledger but something else, or its first bytes are damaged; ${RESTORE}.`,
    );
  }
  if (header.readUInt32BE(68) !== APPLICATION_ID) {
    throw new Refusal(`${file} is an SQLite database but not a ledger; move it away or ${RESTORE}.`);
  }
  const pageSize = decodePageSize(header.readUInt16BE(16));
  const isPowerOfTwo = Number.isInteger(Math.log2(pageSize));
  if (!isPowerOfTwo || pageSize < 512 || header[18] !== WAL_FORMAT || header[19] !== WAL_FORMAT) {
    throw new Refusal(`${file} has a damaged header; ${RESTORE}.`);
  }
  return { pageSize, pages: header.readUInt32BE(28), bytes };
}

function decodePageSize(stored: number): number {
  return stored === 1 ? 65_536 : stored;
}

function readStart(file: string): { readonly header: Buffer; readonly bytes: number } {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const header = Buffer.alloc(HEADER_BYTES);
      readSync(descriptor, header, 0, HEADER_BYTES, 0);
      return { header, bytes: fstatSync(descriptor).size };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new Refusal(
      `${file} cannot be read (${reasonOf(error)}); make it a file that you may read and write.`,
    );
  }
}

function readLog(file: string, pageSize: number): LogFindings {
  const log = `${file}-wal`;
  return statSync(log, { throwIfNoEntry: false }) === undefined
    ? { pages: null, written: new Set(), commitsLost: 0 }
    : inspectLog(log, pageSize);
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
