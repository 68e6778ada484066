import { z } from 'zod';
import type { Recorded } from '../../domain/events.ts';
import { shorten } from '../../domain/identifiers.ts';
import { languages, type Words } from '../../domain/languages/languages.ts';
import { type InWords, Refusal } from '../../domain/refusal.ts';
import type { JsonObject } from '../../domain/surface.ts';
import { eventsPage, findEvent } from '../../projections/history.ts';
import type { HistoryRow } from '../../projections/tables.ts';
import { type Answered, type CommandContext, defineCommand } from '../command.ts';
import { describeEvent } from '../event-words.ts';
import { isBaseModel } from '../model-providers.ts';
import { count, countUpTo, named, positional, reference, Word } from '../options.ts';
import { olderAndNewest, unless, usualLimit } from '../paging.ts';
import { chainData, chainText } from '../provenance/chain.ts';
import { subjectOfEvent, type Traceable, trace } from '../provenance/provenance.ts';
import { eventOf } from '../recorded-event.ts';
import { resolveAnything } from '../references.ts';
import { type MayShow, withoutTexts } from '../shown-texts.ts';
import { shownTime } from '../words.ts';

interface Page {
  /** As it was asked for, and the ordinal that it stands for. */
  readonly before: string | undefined;
  readonly ordinal: number | null;
  readonly limit: number;
}

/** In a chain, which is not paged. */
const USUAL_OF_A_KIND = 10;

export const history = defineCommand({
  name: 'history',
  right: 'everyone',
  isPrivate: true,
  options: z.object({
    id: positional(Word.optional(), reference('answer')),
    before: named(Word.optional(), reference('event')),
    limit: named(countUpTo(100).optional(), count(100)),
  }),
  run: async (context, { id, before, ...options }) => {
    const ordinal = await ordinalOf(context, before);
    const page = { before, ordinal, limit: options.limit ?? usualLimit(context.incoming) };
    const { limit = USUAL_OF_A_KIND } = options;
    if (id === undefined) return eventsAnswer(context, page, {});
    if (id === 'last') return chainAnswer(context, 'answer', await context.resolve('answer', id), limit);
    const { kind, id: whole } = await found(context, id);
    if (kind === 'member') return eventsAnswer(context, page, { actor: whole });
    if (kind === 'event') return eventAnswer(context, whole, limit);
    return chainAnswer(context, kind, whole, limit);
  },
});

async function found({ services, cause }: CommandContext, id: string) {
  if (isBaseModel(services, id)) return { kind: 'model', id } as const;
  return resolveAnything(services.readModels, cause.scope, id);
}

async function ordinalOf(context: CommandContext, before: string | undefined): Promise<number | null> {
  if (before === undefined) return null;
  const { services, cause } = context;
  const row = await findEvent(services.readModels.db, cause.scope, await context.resolve('event', before));
  if (row === undefined) throw new Refusal((words) => words.history.noEvent(before));
  return row.ordinal;
}

async function eventsAnswer(
  { services, cause, incoming, words, mayShow }: CommandContext,
  page: Page,
  filter: { readonly actor?: string },
): Promise<Answered> {
  const { readModels, ledger } = services;
  const { before, ordinal, limit } = page;
  const rows = await eventsPage(readModels.db, {
    scope: cause.scope,
    before: ordinal,
    limit: limit + 1,
    ...filter,
  });
  const events = await Promise.all(rows.slice(0, limit).map((row) => eventOf(ledger, row)));
  const told = await Promise.all(events.map((event) => eventTold(event, mayShow)));
  const lines = told.map((event) => eventLine(event, words));
  const oldest = events.at(-1);
  const more = rows.length > limit && oldest !== undefined;
  return {
    text:
      lines.length === 0
        ? words.history.nothingBefore
        : [...lines, ...(more ? [words.history.older(shorten(oldest.id))] : [])].join('\n'),
    data: { events: told.map(eventData), before: more ? oldest.id : null },
    actions: olderAndNewest(
      words,
      'history',
      { before, next: more ? oldest.id : null },
      { id: filter.actor, limit: unless(usualLimit(incoming), limit) },
    ),
  };
}

async function eventAnswer(context: CommandContext, id: string, limit: number): Promise<Answered> {
  const { services, cause, words, mayShow } = context;
  const row: HistoryRow | undefined = await findEvent(services.readModels.db, cause.scope, id);
  if (row === undefined) throw new Refusal(({ history }) => history.noEvent(id));
  const event = await eventOf(services.ledger, row);
  const subject = subjectOfEvent(event);
  const chain =
    subject === undefined
      ? []
      : await trace(services.readModels.db, cause.scope, subject, { limit, mayShow });
  const told = await eventTold(event, mayShow);
  const { type, revision, stream } = event;
  const { commandId, origin, channel } = event.metadata;
  return {
    text: [
      eventLine(told, words),
      words.history.particulars({ type, revision, stream, origin, channel, command: commandId }),
      ...(chain.length === 0 ? [] : [chainText(chain, words)]),
    ].join('\n'),
    data: { event: eventData(told), lines: chainData(chain) },
  };
}

async function chainAnswer(
  { services, cause, words, mayShow }: CommandContext,
  kind: Traceable,
  id: string,
  limit: number,
): Promise<Answered> {
  const lines = await trace(services.readModels.db, cause.scope, { kind, id }, { limit, mayShow });
  return { text: chainText(lines, words), data: { subject: { kind, id }, lines: chainData(lines) } };
}

interface ToldEvent {
  readonly event: Recorded;
  /** What happened; without what was written, where that is not for those who see it. */
  readonly happened: InWords;
}

async function eventTold(event: Recorded, mayShow: MayShow): Promise<ToldEvent> {
  const isShown = await mayShow(event.metadata);
  const happened: InWords = (words) =>
    describeEvent(isShown ? event : withoutTexts(event, words.history.elsewhere), words);
  return { event, happened };
}

function eventLine({ event, happened: inWords }: ToldEvent, words: Words): string {
  const { time, actor } = event.metadata;
  const happened = inWords(words);
  return words.events.line({ time: shownTime(time), actor, happened, event: shorten(event.id) });
}

/** For programs: its words are English, whoever asks. */
function eventData({ event, happened }: ToldEvent): JsonObject {
  const { id, type, stream, revision, metadata } = event;
  const { actor, time, origin, channel, commandId } = metadata;
  return {
    event: id,
    type,
    stream,
    revision,
    actor,
    time,
    origin,
    channel,
    command: commandId,
    words: happened(languages.en),
  };
}
