import type { Recorded } from '../domain/events.ts';
import type { Words } from '../domain/languages/languages.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ReferenceKind } from '../domain/surface.ts';
import { latestId, matchIds } from '../projections/history.ts';
import type { Viewpoint } from '../projections/page.ts';
import type { ReadModels } from '../projections/projector.ts';
import { excerpt } from './words.ts';

export type { ReferenceKind };

/** The kinds that `!history` can be asked about. */
export const historyKinds = [
  'answer',
  'correction',
  'dataset',
  'job',
  'model',
  'evaluation',
  'member',
  'event',
] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** The command that lists them. */
const lists: Readonly<Record<ReferenceKind, keyof Words['commands']>> = {
  answer: 'history',
  correction: 'history',
  dataset: 'datasets',
  job: 'jobs',
  model: 'models',
  event: 'history',
};

const SHOWN_MATCHES = 5;

/**
 * The id that a reference stands for: a whole id, any prefix of one that is unique, or `last`.
 * @param viewpoint before which ordinal `last` is looked for: for a repeated command, the one that it had then
 * @throws Refusal
 */
export async function resolveReference(
  { db }: ReadModels,
  viewpoint: Viewpoint,
  kind: ReferenceKind,
  reference: string,
): Promise<string> {
  if (reference === 'last') {
    const latest = await latestId(db, kind, viewpoint);
    if (latest === undefined) throw new Refusal(({ references }) => references.noneYet(kind));
    return latest;
  }
  const matches = await matchIds(db, viewpoint.scope, kind, reference, SHOWN_MATCHES);
  const only = onlyMatch(matches, reference);
  if (only !== undefined) return only;
  if (matches.length === 0)
    throw new Refusal(({ references, commands }) =>
      references.unknown({
        kind,
        reference: excerpt(reference),
        list: `!${commands[lists[kind]].name}`,
      }),
    );
  throw ambiguity(
    reference,
    matches.map((id) => ({ kind: null, id })),
  );
}

/** A reference that may be of any kind, for `!history`. @throws Refusal */
export async function resolveAnything(
  { db }: ReadModels,
  scope: string,
  reference: string,
): Promise<{ readonly kind: HistoryKind; readonly id: string }> {
  const found: { kind: HistoryKind; id: string }[] = [];
  for (const kind of historyKinds) {
    const ids = await matchIds(db, scope, kind, reference, SHOWN_MATCHES);
    const exact = ids.find((id) => id === reference);
    if (exact !== undefined) return { kind, id: exact };
    found.push(...ids.map((id) => ({ kind, id })));
  }
  const [first, second] = found;
  if (first === undefined) {
    throw new Refusal(({ references }) => references.unknownAnything(excerpt(reference)));
  }
  if (second !== undefined) throw ambiguity(reference, found);
  return first;
}

/** What the first event of a repeated command was about: it is about the same thing again. */
export function subjectOf(prior: Recorded | null, kind: ReferenceKind): string | undefined {
  const entry = Object.entries(prior?.data ?? {}).find(([key]) => key === kind);
  const subject: unknown = entry?.[1];
  return typeof subject === 'string' ? subject : undefined;
}

function onlyMatch(matches: readonly string[], reference: string): string | undefined {
  return matches.length === 1 ? matches[0] : matches.find((id) => id === reference);
}

/** @param matches of one kind, which then need not be named, or of several */
function ambiguity(
  reference: string,
  matches: readonly { readonly kind: HistoryKind | null; readonly id: string }[],
): Refusal {
  const shown = matches.slice(0, SHOWN_MATCHES);
  return new Refusal(({ references }) =>
    references.ambiguous({ reference: excerpt(reference), matches: shown }),
  );
}
