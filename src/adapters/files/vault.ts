import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Blob, Bytes, Scratch, Vault } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { systemCode, writeFailure } from './disk-errors.ts';
import { openScratch, removeStaged, stageFile, syncDirectory } from './staged-file.ts';

/**
 * The content-addressed store in a directory, made where it is missing: `<2 hex>/<62 hex>`. What killed writers left
 * is taken away here; where other processes may be writing, only what is so old that nobody is writing it any more.
 */
export function openVault(directory: string, { isShared = false } = {}): Vault {
  const root = resolve(directory);
  mkdirSync(root, { recursive: true });
  removeStaged(root, { olderThanMs: isShared ? ABANDONED_MS : 0 });
  return new DirectoryVault(root);
}

const SHA256 = /^[0-9a-f]{64}$/;
const READ_BYTES = 262_144;
const ABANDONED_MS = 24 * 60 * 60_000;

class DirectoryVault implements Vault {
  readonly #root: string;
  /** The directories of two digits whose own names are durable, or are just being made so. */
  readonly #shelves = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.#root = root;
  }

  async put(content: Bytes): Promise<Blob> {
    try {
      const file = await stageFile(this.#root, content);
      const target = this.#pathOf(file.sha256);
      await this.#shelf(dirname(target)).catch(async (error) => {
        await file.discard();
        throw error;
      });
      // Also where it is already there: so it is durable and whole now, whoever put it first.
      await file.place(target);
      return { sha256: file.sha256, bytes: file.bytes };
    } catch (error) {
      throw writeFailure(error, { kind: 'content' });
    }
  }

  /** A piece is given only after the next one was read, and the last one only if the hash is right. */
  async *read(sha256: string): AsyncGenerator<Uint8Array> {
    if (!SHA256.test(sha256)) throw missing(sha256);
    const hash = createHash('sha256');
    let held: Uint8Array | undefined;
    for await (const piece of this.#pieces(sha256)) {
      hash.update(piece);
      if (held !== undefined) yield held;
      held = piece;
    }
    if (hash.digest('hex') !== sha256) {
      throw new Refusal(({ vault }) => vault.damaged(sha256));
    }
    if (held !== undefined) yield held;
  }

  async has(sha256: string): Promise<boolean> {
    if (!SHA256.test(sha256)) return false;
    try {
      return (await stat(this.#pathOf(sha256))).isFile();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  async scratch(): Promise<Scratch> {
    const failed = (error: unknown) => {
      throw writeFailure(error, { kind: 'content' });
    };
    const file = await openScratch(this.#root).catch(failed);
    return { ...file, append: (bytes) => file.append(bytes).catch(failed) };
  }

  #pathOf(sha256: string): string {
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2));
  }

  #shelf(directory: string): Promise<void> {
    const known = this.#shelves.get(directory);
    if (known !== undefined) return known;
    const made = this.#makeShelf(directory);
    this.#shelves.set(directory, made);
    made.catch(() => this.#shelves.delete(directory));
    return made;
  }

  async #makeShelf(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    await syncDirectory(this.#root);
    await syncDirectory(dirname(this.#root));
  }

  async *#pieces(sha256: string): AsyncGenerator<Buffer> {
    const stream: AsyncIterable<Buffer> = createReadStream(this.#pathOf(sha256), {
      highWaterMark: READ_BYTES,
    });
    try {
      yield* stream;
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      if (code === 'ENOENT' || code === 'ENOTDIR') throw missing(sha256);
      throw new Refusal(({ vault }) => vault.unreadable({ sha256, code }));
    }
  }
}

function missing(sha256: string): Refusal {
  return new Refusal(({ vault }) => vault.missing(sha256));
}
