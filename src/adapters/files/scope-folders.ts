import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Refusal } from '../../domain/refusal.ts';
import { systemCode, writeFailure } from './disk-errors.ts';
import { type Folder, folders, type NamedPath, PRIVATE, quote, show } from './named-path.ts';

/** What stands at a path: inside the folders, and either a file or a directory. */
export interface Located {
  /** As it is shown to people. */
  readonly path: string;
  /** Without any link. */
  readonly real: string;
  readonly kind: 'file' | 'directory';
}

export type Kind = Located['kind'] | 'file or directory';

/** The folders of one scope on disk, and the only way to what is in them. */
export class ScopeFolders {
  readonly #root: string;
  readonly #shownRoot: string;

  /**
   * @param root without any link
   * @param shownRoot where people are told to put files
   */
  constructor(root: string, shownRoot: string) {
    this.#root = root;
    this.#shownRoot = shownRoot;
  }

  /** Makes the folders where they are missing. @throws Refusal where something else is in their place */
  async make(): Promise<void> {
    try {
      await mkdir(this.#root, { recursive: true });
      if ((await realpath(this.#root)) !== this.#root) throw outside(this.#shownRoot);
      for (const folder of folders) await mkdir(join(this.#root, folder), { recursive: true });
    } catch (error) {
      throw foldersFailure(error, this.#shownRoot);
    }
  }

  /** Not before it is needed: most scopes never do. */
  async #makePrivate(): Promise<void> {
    try {
      await mkdir(join(this.#root, PRIVATE), { recursive: true });
    } catch (error) {
      throw foldersFailure(error, this.#shownRoot);
    }
  }

  /** Where new files of a folder are written. @throws Refusal where the folder is a link out */
  async directory(folder: Folder): Promise<string> {
    if (folder === PRIVATE) await this.#makePrivate();
    const { real } = await this.locate({ folder, names: [], given: folder, folderGiven: true }, 'directory');
    return real;
  }

  /** @throws Refusal where nothing of that kind is there, or it stands outside the folders */
  async locate(path: NamedPath, kind: Kind): Promise<Located> {
    const shown = show(path);
    const found = await this.#follow(path, kind);
    if (!found.isFile && !found.isDirectory) {
      throw new Refusal(({ workspace }) => workspace.neither(quote(shown)));
    }
    const foundKind = found.isFile ? 'file' : 'directory';
    if (kind === 'file' && foundKind === 'directory') {
      throw new Refusal(({ workspace }) => workspace.isDirectory(quote(shown)));
    }
    if (kind === 'directory' && foundKind === 'file') {
      throw new Refusal(({ workspace }) => workspace.isFile(quote(shown)));
    }
    return { path: shown, real: found.real, kind: foundKind };
  }

  /** The names in a directory. @throws Refusal where it cannot be read */
  async names(directory: Located): Promise<string[]> {
    try {
      return await readdir(directory.real);
    } catch (error) {
      throw readFailure(error, directory.path);
    }
  }

  /** Opens a located file for reading. @throws Refusal where it is gone, outside or unreadable by now */
  async open(file: Located): Promise<FileHandle> {
    let handle: FileHandle;
    try {
      // A pipe put in place of the file would hold up an open for ever.
      const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
      handle = await open(file.real, O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOFOLLOW ?? 0));
    } catch (error) {
      throw readFailure(error, file.path);
    }
    try {
      if (!(await handle.stat()).isFile() || !(await this.#isInside(handle, file))) throw outside(file.path);
      return handle;
    } catch (error) {
      await handle.close();
      throw readFailure(error, file.path);
    }
  }

  async #follow(path: NamedPath, kind: Kind) {
    try {
      const real = await realpath(join(this.#root, path.folder, ...path.names));
      if (!this.#holds(real, show(path))) throw outside(show(path));
      const entry = await lstat(real);
      return { real, isFile: entry.isFile(), isDirectory: entry.isDirectory() };
    } catch (error) {
      const isMissing = systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
      throw isMissing ? await this.#missing(path, kind) : readFailure(error, show(path));
    }
  }

  /** @param path as it is shown: no link leads from another folder to what is for one person */
  #holds(real: string, path: string): boolean {
    const [first] = relative(this.#root, real).split(sep);
    if (first === PRIVATE) return path.split('/')[0] === PRIVATE;
    return folders.some((folder) => folder === first);
  }

  /**
   * A directory on the way may have been swapped for a link after it was looked at, so the open file counts. Only
   * Linux says where that is; elsewhere a directory that is swapped back at the right moment goes unnoticed.
   */
  async #isInside(handle: FileHandle, file: Located): Promise<boolean> {
    if (process.platform === 'linux') {
      const real = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
      if (real !== undefined) return this.#holds(real, file.path);
    }
    const real = await realpath(file.real);
    const [opened, there] = await Promise.all([handle.stat({ bigint: true }), lstat(real, { bigint: true })]);
    return this.#holds(real, file.path) && opened.dev === there.dev && opened.ino === there.ino;
  }

  async #missing(path: NamedPath, kind: Kind): Promise<Refusal> {
    const { names, given, folderGiven } = path;
    const missing = { sought: kind, path: quote(given) };
    const place = `${this.#shownRoot}/${path.folder}`;
    if (folderGiven) return new Refusal(({ workspace }) => workspace.missing.inFolder({ ...missing, place }));
    for (const folder of folders) {
      const elsewhere = quote(show({ folder, names }));
      const isThere = await lstat(join(this.#root, folder, ...names)).then(
        () => true,
        () => false,
      );
      if (isThere) {
        return new Refusal(({ workspace }) => workspace.missing.elsewhere({ ...missing, elsewhere }));
      }
    }
    return new Refusal(({ workspace }) => workspace.missing.anywhere({ ...missing, place }));
  }
}

/** What failing to make the folders is to a person. */
export function foldersFailure(error: unknown, shownRoot: string): unknown {
  return systemCode(error) === 'EEXIST' || systemCode(error) === 'ENOTDIR'
    ? new Refusal(({ workspace }) => workspace.fileInTheWay({ root: shownRoot, folders: folders.join(', ') }))
    : writeFailure(error, { kind: 'folder' });
}

function outside(path: string): Refusal {
  return new Refusal(({ workspace }) => workspace.outside(quote(path)));
}

/** What a failed read is to the person who asked for it. */
export function readFailure(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const shown = quote(path);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Refusal(({ workspace }) => workspace.gone(shown));
    case 'EACCES':
    case 'EPERM':
      return new Refusal(({ workspace }) => workspace.forbidden(shown));
    case 'ELOOP':
      return new Refusal(({ workspace }) => workspace.circle(shown));
    case 'ENAMETOOLONG':
      return new Refusal(({ workspace }) => workspace.path.tooLong(shown));
    case 'ENXIO':
      return new Refusal(({ workspace }) => workspace.neither(shown));
    default:
      return new Refusal(({ workspace }) => workspace.unreadable({ path: shown, code }));
  }
}
