import type { Kysely } from 'kysely';
import { latestAnswer } from './answers.ts';
import { ANY_ORDINAL, type Viewpoint } from './page.ts';
import type { Tables } from './tables.ts';

/** What has ids that people may shorten. */
export type IdentifiedKind =
  | 'answer'
  | 'correction'
  | 'dataset'
  | 'job'
  | 'model'
  | 'evaluation'
  | 'member'
  | 'event';

const tables = {
  answer: 'answers',
  correction: 'corrections',
  dataset: 'datasets',
  job: 'jobs',
  model: 'models',
  evaluation: 'evaluations',
  member: 'members',
} as const;

/** No text is higher in SQLite's order of bytes, so `prefix` and this bound everything that starts with it. */
const HIGHEST = '\u{10FFFF}';

/** The ids of a scope that start with a text, in order. Every character stands for itself. */
export async function matchIds(
  db: Kysely<Tables>,
  scope: string,
  kind: IdentifiedKind,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const end = `${prefix}${HIGHEST}`;
  if (kind === 'event') {
    const events = await db
      .selectFrom('history')
      .select('event')
      .where('scope', '=', scope)
      .where('event', '>=', prefix)
      .where('event', '<', end)
      .orderBy('event')
      .limit(limit)
      .execute();
    return events.map(({ event }) => event);
  }
  const rows = await db
    .selectFrom(tables[kind])
    .select('id')
    .where('scope', '=', scope)
    .where('id', '>=', prefix)
    .where('id', '<', end)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** What `last` means: the newest of its kind in a channel. An evaluation's answers are not meant. */
export async function latestId(
  db: Kysely<Tables>,
  kind: Exclude<IdentifiedKind, 'member'>,
  viewpoint: Viewpoint,
): Promise<string | undefined> {
  switch (kind) {
    case 'answer':
      return (await latestAnswer(db, viewpoint))?.id;
    case 'event':
      return latestEvent(db, viewpoint);
    case 'dataset':
    case 'model':
      return latestMaking(db, kind, viewpoint);
    default:
      return latestRow(db, tables[kind], viewpoint);
  }
}

async function latestEvent(db: Kysely<Tables>, { scope, channel, before }: Viewpoint) {
  const row = await db
    .selectFrom('history')
    .select('event')
    .where('scope', '=', scope)
    .where('channel', '=', channel)
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.event;
}

async function latestMaking(
  db: Kysely<Tables>,
  kind: 'dataset' | 'model',
  { scope, channel, before }: Viewpoint,
) {
  const row = await db
    .selectFrom('makings')
    .select('id')
    .where('scope', '=', scope)
    .where('kind', '=', kind)
    .where('channel', '=', channel)
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

async function latestRow(
  db: Kysely<Tables>,
  table: 'corrections' | 'jobs' | 'evaluations',
  { scope, channel, before }: Viewpoint,
) {
  const row = await db
    .selectFrom(table)
    .select('id')
    .where('scope', '=', scope)
    .where('channel', '=', channel)
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
