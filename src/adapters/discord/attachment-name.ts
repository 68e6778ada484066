import { extname } from 'node:path';

const MAX_LENGTH = 80;
const MAX_EXTENSION = 12;
const NAMELESS = 'file';

/**
 * A file's name as people are shown it, in one line of plain reading order: without the folders that it names, and
 * without characters that cannot be seen or that turn others around. Nothing is ever opened or written by it.
 */
export function shownFileName(name: string): string {
  const seen = name
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{fffd}]/gu, '')
    .split(/[/\\]/)
    .map((part) => part.trim())
    .findLast((part) => /[^.]/.test(part));
  return shorten(seen?.replace(/^\.+/, '') ?? NAMELESS);
}

/** The extension stays, because it says what is in the file. */
function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const extension = extname(name).length <= MAX_EXTENSION ? extname(name) : '';
  return `${name
    .slice(0, MAX_LENGTH - extension.length - 1)
    .toWellFormed()
    .replace(/\u{fffd}$/u, '')}…${extension}`;
}
