import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type NamedPath, quote } from './named-path.ts';
import { type Located, readFailure, type ScopeFolders } from './scope-folders.ts';

const READ_BYTES = 65_536;

/** The file at a path, as it is now. @throws Refusal where it is unreadable, changed or gone, now or when it is read */
export async function sourceFile(within: ScopeFolders, file: Located): Promise<SourceFile> {
  const handle = await within.open(file);
  const seen = await handle.stat({ bigint: true }).finally(() => handle.close());
  return {
    path: file.path,
    bytes: Number(seen.size),
    read: () => readUnchanged(within, file, seen),
  };
}

async function* readUnchanged(
  within: ScopeFolders,
  file: Located,
  seen: BigIntStats,
): AsyncGenerator<Uint8Array> {
  const handle = await within.open(file);
  try {
    await refuseChange(handle, file, seen);
    let left = Number(seen.size);
    while (left > 0) {
      const piece = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, left));
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      if (bytesRead === 0) break;
      left -= bytesRead;
      yield piece.subarray(0, bytesRead);
    }
    await refuseChange(handle, file, seen);
  } catch (error) {
    throw readFailure(error, file.path);
  } finally {
    await handle.close();
  }
}

/** A file that is being written would be taken in half, or without an end. */
async function refuseChange(handle: FileHandle, file: Located, seen: BigIntStats): Promise<void> {
  const now = await handle.stat({ bigint: true });
  const isSame =
    now.dev === seen.dev && now.ino === seen.ino && now.size === seen.size && now.mtimeNs === seen.mtimeNs;
  if (!isSame) {
    throw new Refusal(({ workspace }) => workspace.changed(quote(file.path)));
  }
}

/** More are a mistake, or links that multiply. */
const MAX_FILES = 100_000;

export interface WalkOptions {
  /** Whether files and directories whose names begin with a dot count. */
  readonly hidden: boolean;
  readonly isOurs: (name: string) => boolean;
}

/**
 * Every file below a directory, ordered by path in code units. Links inside the folders are followed.
 * @throws Refusal for the first thing that is not a readable file inside the folders, and where there is no file
 */
export async function filesBelow(
  within: ScopeFolders,
  directory: NamedPath,
  options: WalkOptions,
): Promise<readonly SourceFile[]> {
  const walk = new Walk(within, options);
  const start = await within.locate(directory, 'directory');
  await walk.into(directory, start, []);
  if (walk.files.length === 0) {
    throw new Refusal(({ workspace }) => workspace.noFile(quote(start.path)));
  }
  return walk.files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

class Walk {
  readonly files: SourceFile[] = [];
  readonly #within: ScopeFolders;
  readonly #options: WalkOptions;

  constructor(within: ScopeFolders, options: WalkOptions) {
    this.#within = within;
    this.#options = options;
  }

  /** @param above the real directories that lead here */
  async into(path: NamedPath, directory: Located, above: readonly string[]): Promise<void> {
    if (above.includes(directory.real)) {
      throw new Refusal(({ workspace }) => workspace.circleBelow(quote(directory.path)));
    }
    for (const name of await this.#within.names(directory)) {
      if (!this.#counts(name)) continue;
      refuseName(name, directory);
      const below = { ...path, names: [...path.names, name] };
      const found = await this.#within.locate(below, 'file or directory');
      if (found.kind === 'directory') await this.into(below, found, [...above, directory.real]);
      else await this.#add(found);
    }
  }

  #counts(name: string): boolean {
    return !this.#options.isOurs(name) && (this.#options.hidden || !name.startsWith('.'));
  }

  async #add(file: Located): Promise<void> {
    if (this.files.length === MAX_FILES) {
      throw new Refusal(({ workspace }) => workspace.tooManyFiles(MAX_FILES));
    }
    this.files.push(await sourceFile(this.#within, file));
  }
}

/** Such a file can be seen but neither named nor read. */
function refuseName(name: string, directory: Located): void {
  if (name.includes('\u{fffd}') || name.includes('\\')) {
    throw new Refusal(({ workspace }) =>
      workspace.strangeName({ directory: quote(directory.path), name: quote(name) }),
    );
  }
}
