import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { newEvent, newStream, readAll } from '../../domain/ledger-contract.ts';

/** A directory for the files of one test. */
export async function makeDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ledger-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Streams of up to four events, with texts of every length. @returns what the ledger then holds */
export async function fill(ledger: Ledger, events: number, textLength = 300): Promise<StoredEvent[]> {
  let left = events;
  const appends: Promise<unknown>[] = [];
  for (let turn = 0; left > 0; turn++) {
    const count = Math.min(left, 1 + (turn % 4));
    const texts = Array.from({ length: count }, (_, index) => textOf((turn * 37 + index * 11) % textLength));
    appends.push(ledger.append(newStream(), 'no_stream', texts.map((text) => newEvent({ text }))));
    left -= count;
  }
  await Promise.all(appends);
  return readAll(ledger);
}

function textOf(length: number): string {
  return `${randomUUID()} `.repeat(Math.ceil(length / 37)).slice(0, length);
}

/** A ledger that was closed as it should be. */
export async function makeLedger(file: string, events: number, textLength?: number): Promise<StoredEvent[]> {
  const ledger = await openSqliteLedger({ file });
  const stored = await fill(ledger, events, textLength);
  await ledger.close();
  return stored;
}

const PARTS = ['', '-wal', '-head'];

/** All that belongs to a ledger, also one that is open: what a killed process leaves behind. */
export async function copyLedger(from: string, to: string): Promise<void> {
  for (const part of [...PARTS, '-shm']) await rm(`${to}${part}`, { force: true });
  for (const part of PARTS) {
    if (await exists(`${from}${part}`)) await copyFile(`${from}${part}`, `${to}${part}`);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Changes one byte of a file by the bits of a mask. */
export async function flipByte(file: string, offset: number, mask: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, offset);
    byte.writeUInt8(byte.readUInt8() ^ mask);
    await handle.write(byte, 0, 1, offset);
  } finally {
    await handle.close();
  }
}

export async function sizeOf(file: string): Promise<number> {
  return (await stat(file)).size;
}
