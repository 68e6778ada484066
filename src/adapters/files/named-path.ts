import { Refusal } from '../../domain/refusal.ts';

/** The folders of a scope that people can name. */
export const folders = ['datasets', 'archives', 'exports'] as const;
export type Folder = (typeof folders)[number];

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
  const refusal = refuseForm(path);
  if (refusal !== undefined) throw new Refusal(refusal);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const [first, ...below] = names;
  const folder = folders.find((candidate) => candidate === first);
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

const ADVICE = 'give a path below datasets, archives or exports, such as datasets/faq.jsonl';

function refuseForm(path: string): string | undefined {
  if (path.trim() === '') return `The path is empty; ${ADVICE}.`;
  if (path.includes('\0')) return `The path holds a NUL character; ${ADVICE}.`;
  const shown = quote(path);
  if (path.includes('\\')) {
    return `The path ${shown} holds a backslash; separate its names with / and ${ADVICE}.`;
  }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return `The path ${shown} is absolute; ${ADVICE}.`;
  if (path.startsWith('~'))
    return `The path ${shown} begins with ~, which stands for nothing here; ${ADVICE}.`;
  if (path.split('/').includes('..')) return `The path ${shown} holds .., which may lead outside; ${ADVICE}.`;
  return undefined;
}
