import type { Kysely } from 'kysely';
import type { EventType } from '../domain/events.ts';
import type { Projection } from './projection.ts';
import type { HistoryRow, Tables } from './tables.ts';
import { TextNumbers } from './text-numbers.ts';

export { latestId, matchIds } from './identifiers.ts';

/** One row for each event. */
export const historyProjection: Projection = {
  name: 'history',
  version: 1,
  prepare(statements) {
    const append = statements.append('history');
    const texts = new TextNumbers(statements);
    return {
      take({ id: event, stream, revision, type, metadata }, ordinal) {
        const { commandId: command } = metadata;
        const scope = texts.numberOf(metadata.scope);
        const channel = texts.numberOf(metadata.channel);
        const actor = texts.numberOf(metadata.actor);
        append({ ordinal, event, scope, channel, actor, stream, revision, type, command });
      },
    };
  },
};

/** Newest first, of everyone or of one person. @param page `before` is an ordinal, exclusive */
export async function eventsPage(
  db: Kysely<Tables>,
  page: {
    readonly scope: string;
    readonly before: number | null;
    readonly limit: number;
    readonly actor?: string;
  },
): Promise<HistoryRow[]> {
  const { scope, before, limit, actor } = page;
  let query = db.selectFrom('history').selectAll().where('scope', '=', scope);
  if (before !== null) query = query.where('ordinal', '<', before);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  return query.orderBy('ordinal', 'desc').limit(limit).execute();
}

/** How many events of each type somebody caused, among the next ones after an ordinal, and the last ordinal of those. */
export interface EventCounts {
  readonly counts: readonly { readonly type: EventType; readonly events: number }[];
  /** Null where there are no further ones. */
  readonly last: number | null;
}

/** A stretch at a time, as counting all at once would hold up others. */
export async function countEvents(
  db: Kysely<Tables>,
  { scope, actor, after, limit }: { scope: string; actor: string; after: number; limit: number },
): Promise<EventCounts> {
  const rows = await db
    .selectFrom((from) =>
      from
        .selectFrom('history')
        .select(['type', 'ordinal'])
        .where('scope', '=', scope)
        .where('actor', '=', actor)
        .where('ordinal', '>', after)
        .orderBy('ordinal')
        .limit(limit)
        .as('stretch'),
    )
    .select(({ fn }) => ['type', fn.countAll<number>().as('events'), fn.max<number>('ordinal').as('last')])
    .groupBy('type')
    .execute();
  const found = rows.reduce((total, { events }) => total + events, 0);
  return {
    counts: rows.map(({ type, events }) => ({ type, events })),
    last: found < limit ? null : Math.max(...rows.map(({ last }) => last)),
  };
}

export async function findEvent(
  db: Kysely<Tables>,
  scope: string,
  event: string,
): Promise<HistoryRow | undefined> {
  return db
    .selectFrom('history')
    .selectAll()
    .where('scope', '=', scope)
    .where('event', '=', event)
    .executeTakeFirst();
}

/** The ordinal of a command's first event; what `last` meant to it stood before that. */
export async function firstOrdinalOf(db: Kysely<Tables>, command: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('history')
    .select('ordinal')
    .where('command', '=', command)
    .orderBy('ordinal')
    .limit(1)
    .executeTakeFirst();
  return row?.ordinal;
}
