import type { Words } from '../domain/languages/languages.ts';
import type { Action, CommandRequest, Incoming } from '../domain/surface.ts';
import type { CommandName } from './command.ts';

/** How many a page holds where nothing else was asked for: on Discord what one message has room for, so that it can be turned. */
export function usualLimit({ surface }: Pick<Incoming, 'surface'>): number {
  return surface === 'discord' ? 5 : 10;
}

type Given = Readonly<Record<string, string | number | undefined>>;

/** A button that shows another page in place of this one. */
export function pageAction(label: string, command: CommandName, options: Given): Action {
  return { label, emoji: null, style: 'secondary', kind: 'turn', request: requestOf(command, options) };
}

/** What is left out, or undefined, is left to the command. */
function requestOf(command: CommandName, options: Given): CommandRequest {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return { command, options: Object.fromEntries(given) };
}

/**
 * The buttons of a list that is shown newest first.
 * @param page which one this is: from where on, and from where on the next older one is, null where there is none
 */
export function olderAndNewest(
  { actions }: Words,
  command: CommandName,
  page: { readonly before: string | undefined; readonly next: string | null },
  options: Given,
): readonly Action[] {
  const { before, next } = page;
  return [
    ...(next === null ? [] : [pageAction(actions.older, command, { ...options, before: next })]),
    ...(before === undefined ? [] : [pageAction(actions.newest, command, options)]),
  ];
}

/** The buttons of a list that is shown from the first on. @param page as in `olderAndNewest` */
export function nextAndFirst(
  { actions }: Words,
  command: CommandName,
  page: { readonly after: string | number | undefined; readonly next: string | number | null },
  options: Given,
): readonly Action[] {
  const { after, next } = page;
  return [
    ...(next === null ? [] : [pageAction(actions.next, command, { ...options, after: next })]),
    ...(after === undefined ? [] : [pageAction(actions.first, command, options)]),
  ];
}

/** A limit that a button must repeat; undefined where it is the usual one. */
export function unless(usual: number, limit: number): number | undefined {
  return limit === usual ? undefined : limit;
}

/** @param found one more than the page holds, where there is one @returns `next`: from where on the next page is */
export function pageOf<Row extends { readonly id: string }>(
  found: readonly Row[],
  limit: number,
): { readonly rows: readonly Row[]; readonly next: string | null } {
  const rows = found.slice(0, limit);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}
