import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Archive, Bytes, SourceFile, Workspace, WrittenFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { systemCode, writeFailure } from './disk-errors.ts';
import { folders, type NamedPath, PRIVATE, parsePath, parseReplyPath, quote, show } from './named-path.ts';
import { foldersFailure, ScopeFolders } from './scope-folders.ts';
import { filesBelow, sourceFile } from './source-files.ts';
import { isStaged, removeStaged, type StagedFile, stageFile } from './staged-file.ts';
import { ZipArchive } from './zip-archive.ts';

const LOCAL = 'local';
const GUILDS = 'guilds';
/** For so long a file stays that was written for one person: nobody looks for it any longer. */
const PRIVATE_MS = 24 * 60 * 60_000;

/**
 * The folders of every scope below a data directory; those of `local` are made at once, the others when they
 * are needed. What killed writers left is taken away here, unless other processes may be writing, and so is what was
 * written for one person more than a day ago.
 *
 * In a directory that is taken in as training data, names that begin with a dot do not count; an archive keeps
 * them. Either way they can be named themselves.
 * @throws Refusal where the folders cannot be made
 */
export function openWorkspace(dataDirectory: string, { isShared = false } = {}): Workspace {
  try {
    for (const folder of folders) mkdirSync(join(dataDirectory, folder), { recursive: true });
  } catch (error) {
    throw foldersFailure(error, dataDirectory);
  }
  const roots = rootsOf(dataDirectory);
  if (!isShared) removeLeftovers(roots);
  for (const root of roots) removeOld(join(root, PRIVATE));
  return new DirectoryWorkspace(dataDirectory);
}

/** Of every scope that has folders. */
function rootsOf(dataDirectory: string): readonly string[] {
  const guilds = join(dataDirectory, GUILDS);
  return [dataDirectory, ...existingNames(guilds).map((scope) => join(guilds, scope))];
}

function removeLeftovers(roots: readonly string[]): void {
  for (const root of roots) {
    for (const folder of ['archives', 'exports', PRIVATE]) {
      const directory = join(root, folder);
      if (existingNames(directory).some(isStaged)) removeStaged(directory);
    }
  }
}

function removeOld(directory: string): void {
  const before = Date.now() - PRIVATE_MS;
  for (const name of existingNames(directory)) {
    const path = join(directory, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (written !== undefined && written < before) rmSync(path, { force: true });
  }
}

function existingNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

class DirectoryWorkspace implements Workspace {
  readonly #given: string;
  readonly #root: string;

  constructor(dataDirectory: string) {
    this.#given = dataDirectory;
    this.#root = realpathSync.native(dataDirectory);
  }

  async file(scope: string, path: string): Promise<SourceFile> {
    const named = parsePath(path);
    const within = await this.#within(scope);
    return sourceFile(within, await within.locate(named, 'file'));
  }

  async fileOfReply(scope: string, path: string): Promise<SourceFile> {
    const named = parseReplyPath(path);
    const within = await this.#within(scope);
    return sourceFile(within, await within.locate(named, 'file'));
  }

  async directory(scope: string, path: string): Promise<readonly SourceFile[]> {
    const named = parsePath(path);
    return filesBelow(await this.#within(scope), named, { hidden: false, isOurs: isStaged });
  }

  async sources(scope: string, path: string): Promise<readonly SourceFile[]> {
    const named = parsePath(path);
    const within = await this.#within(scope);
    const found = await within.locate(named, 'file or directory');
    return found.kind === 'file' ? [await sourceFile(within, found)] : this.directory(scope, path);
  }

  async writeExport(scope: string, name: string, content: Bytes): Promise<WrittenFile> {
    if (name.includes('/') || name.startsWith('.')) {
      throw new Refusal(({ workspace }) => workspace.exportName(quote(name)));
    }
    return this.#write(scope, parsePath(`exports/${name}`), content);
  }

  async writePrivate(scope: string, content: Bytes): Promise<WrittenFile> {
    removeOld(await (await this.#within(scope)).directory(PRIVATE));
    return this.#write(scope, parseReplyPath(`${PRIVATE}/${randomUUID()}.jsonl`), content);
  }

  async archive(scope: string, directory: string): Promise<Archive> {
    const named = parsePath(directory);
    const within = await this.#within(scope);
    const sources = await filesBelow(within, named, { hidden: true, isOurs: isStaged });
    const archives = await within.directory('archives');
    const zip = new ZipArchive(show(named), sources);
    try {
      const staged = await stageFile(archives, zip.content());
      await zip.verify(staged.path).catch(async (error) => {
        await staged.discard();
        throw error;
      });
      const path = parsePath(`archives/${archiveName(named, staged.sha256)}`);
      const written = await place(staged, archives, path);
      const manifest = createHash('sha256').update(zip.manifest).digest('hex');
      return { ...written, directory: show(named), files: sources.length, manifest };
    } catch (error) {
      throw writeFailure(error, { kind: 'archive', path: quote(show(named)) });
    }
  }

  async #write(scope: string, path: NamedPath, content: Bytes): Promise<WrittenFile> {
    const within = await this.#within(scope);
    const directory = await within.directory(path.folder);
    try {
      const staged = await stageFile(directory, content);
      return await place(staged, directory, path);
    } catch (error) {
      throw writeFailure(error, { kind: 'file', path: quote(show(path)) });
    }
  }

  async #within(scope: string): Promise<ScopeFolders> {
    if (!/^[\w-]+$/.test(scope)) throw new Error(`${JSON.stringify(scope)} is not the name of a scope`);
    const within =
      scope === LOCAL
        ? new ScopeFolders(this.#root, this.#given)
        : new ScopeFolders(join(this.#root, GUILDS, scope), `${GUILDS}/${scope}`);
    await within.make();
    return within;
  }
}

async function place(staged: StagedFile, directory: string, path: NamedPath): Promise<WrittenFile> {
  try {
    await staged.place(join(directory, ...path.names));
  } catch (error) {
    if (systemCode(error) !== 'EISDIR' && systemCode(error) !== 'ENOTEMPTY') throw error;
    throw new Refusal(({ workspace }) => workspace.directoryInTheWay(quote(show(path))));
  }
  return { path: show(path), bytes: staged.bytes, sha256: staged.sha256 };
}

const HASH_LENGTH = 16;
const NAME_LENGTH = 60;

/** Says what is in it; the same content has the same name, and another content another one. */
function archiveName({ folder, names }: NamedPath, sha256: string): string {
  const title = [folder, ...names].join('-').slice(0, NAME_LENGTH).toWellFormed();
  return `${title}-${sha256.slice(0, HASH_LENGTH)}.zip`;
}
