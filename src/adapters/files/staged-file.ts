import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Blob, Bytes, Scratch } from '../../domain/ports.ts';

/** A whole and durable file under a temporary name, in the directory where it is to stand. */
export interface StagedFile extends Blob {
  readonly path: string;
  /** Gives it its name in the same file system, in place of what stood there; durable once resolved. */
  place(target: string): Promise<void>;
  discard(): Promise<void>;
}

const PREFIX = '.incoming-';
const BLOCK_BYTES = 262_144;

/** Writes and hashes the content as it comes; leaves nothing behind where either fails. */
export async function stageFile(directory: string, content: Bytes): Promise<StagedFile> {
  const path = join(directory, `${PREFIX}${randomUUID()}`);
  const discard = () => rm(path, { force: true });
  const hash = createHash('sha256');
  let bytes = 0;
  async function* hashed() {
    for await (const block of inBlocks(content)) {
      hash.update(block);
      bytes += block.length;
      yield block;
    }
  }
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(hashed());
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    path,
    bytes,
    sha256: hash.digest('hex'),
    discard,
    place: async (target) => {
      try {
        await rename(path, target);
      } catch (error) {
        await discard();
        throw error;
      }
      await syncDirectory(dirname(target));
    },
  };
}

/** A file under a temporary name, for content that is read again before it is put. */
export async function openScratch(directory: string): Promise<Scratch> {
  const path = join(directory, `${PREFIX}${randomUUID()}`);
  const file = await open(path, 'wx+');
  return {
    append: (bytes) => file.appendFile(bytes),
    read: () => file.createReadStream({ start: 0, autoClose: false, highWaterMark: BLOCK_BYTES }),
    discard: async () => {
      await file.close();
      await rm(path, { force: true });
    },
  };
}

export function isStaged(name: string): boolean {
  return name.startsWith(PREFIX);
}

/** Takes away what killed writers left; nobody may be writing there but to what is younger. */
export function removeStaged(directory: string, { olderThanMs = 0 } = {}): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (isStaged(name) && ageOf(path) >= olderThanMs) rmSync(path, { force: true });
  }
}

/** In ms since it was last written. */
function ageOf(path: string): number {
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined ? 0 : Math.max(0, Date.now() - written);
}

/** Makes the names in a directory survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory as a file, and keeps names in its journal.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Many small pieces cost a system call each; a yielded block is only valid until the next one. */
async function* inBlocks(content: Bytes): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  for await (const piece of content) {
    if (filled + piece.length > BLOCK_BYTES) {
      if (filled > 0) yield block.subarray(0, filled);
      filled = 0;
    }
    if (piece.length > BLOCK_BYTES) {
      yield piece;
    } else {
      block.set(piece, filled);
      filled += piece.length;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
