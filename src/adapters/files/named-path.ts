import { type InWords, Refusal } from '../../domain/refusal.ts';

/** The folders of a scope that people can name. */
export const folders = ['datasets', 'archives', 'exports'] as const;
/** Beside them: each file in it is for one person, and nobody can name it. */
export const PRIVATE = 'private';
export type Folder = (typeof folders)[number] | typeof PRIVATE;

/** What a person named: a folder and the names below it, none of them special. Not yet looked for. */
export interface NamedPath {
  readonly folder: Folder;
  readonly names: readonly string[];
  /** As the person wrote it: without the folder where that was left out. */
  readonly given: string;
  readonly folderGiven: boolean;
}

/** @throws Refusal for what can only lead outside, or nowhere */
export function parsePath(path: string): NamedPath {
  return parseBelow(path, () => false);
}

/** Likewise of a path that a reply names: that can be one person's file, but not the folder of all of them. */
export function parseReplyPath(path: string): NamedPath {
  return parseBelow(path, ([first, ...below]) => first === PRIVATE && below.length === 1);
}

function parseBelow(path: string, isPrivate: (names: readonly string[]) => boolean): NamedPath {
  const refusal = refuseForm(path);
  if (refusal !== undefined) throw new Refusal(refusal);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const [first, ...below] = names;
  const folder = isPrivate(names) ? PRIVATE : folders.find((candidate) => candidate === first);
  return {
    folder: folder ?? 'datasets',
    names: folder === undefined ? names : below,
    given: names.join('/') || 'datasets',
    folderGiven: folder !== undefined || names.length === 0,
  };
}

/** A path as it is shown, relative to the scope's root. */
export function show(path: Pick<NamedPath, 'folder' | 'names'>): string {
  return [path.folder, ...path.names].join('/');
}

/** How much of a path is repeated to the person who wrote it. */
const QUOTED_LENGTH = 200;

/** A path in a sentence: on one line, and not longer than it helps. */
export function quote(path: string): string {
  const line = path.replaceAll(/\p{Cc}/gu, '\u{fffd}');
  return line.length > QUOTED_LENGTH ? `${line.slice(0, QUOTED_LENGTH)}…` : line;
}

function refuseForm(path: string): InWords | undefined {
  if (path.trim() === '') return ({ workspace }) => workspace.path.empty;
  if (path.includes('\0')) return ({ workspace }) => workspace.path.nul;
  const shown = quote(path);
  if (path.includes('\\')) return ({ workspace }) => workspace.path.backslash(shown);
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return ({ workspace }) => workspace.path.absolute(shown);
  }
  if (path.startsWith('~')) return ({ workspace }) => workspace.path.home(shown);
  if (path.split('/').includes('..')) return ({ workspace }) => workspace.path.upwards(shown);
  return undefined;
}
