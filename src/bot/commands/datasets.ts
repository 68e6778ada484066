import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { findDataset, listDatasets } from '../../projections/datasets.ts';
import { defineCommand } from '../command.ts';
import { count, countUpTo, named, reference, Word } from '../options.ts';
import { olderAndNewest, pageOf, unless, usualLimit } from '../paging.ts';
import { shownTime } from '../words.ts';

export const datasets = defineCommand({
  name: 'datasets',
  right: 'everyone',
  options: z.object({
    before: named(Word.optional(), reference('dataset')),
    limit: named(countUpTo(100).optional(), count(100)),
  }),
  run: async ({ services, cause, incoming, resolve, words }, { before, ...options }) => {
    const usual = usualLimit(incoming);
    const { limit = usual } = options;
    const { db } = services.readModels;
    const bound =
      before === undefined ? null : await findDataset(db, cause.scope, await resolve('dataset', before));
    const found = await listDatasets(db, cause.scope, {
      before: bound?.last_ordinal ?? null,
      limit: limit + 1,
    });
    const { rows, next } = pageOf(found, limit);
    const lines = rows.map(({ id, made, format, examples, actor, time }) =>
      words.datasets.listed({
        dataset: shorten(id),
        examples,
        format,
        made,
        who: actor,
        when: shownTime(time),
      }),
    );
    return {
      text: lines.length === 0 ? words.datasets.none(services.settings.prefix) : lines.join('\n'),
      data: {
        datasets: rows.map(({ id, made, format, examples, bytes, actor, time }) => ({
          dataset: id,
          sha256: id,
          made,
          format,
          examples,
          bytes,
          actor,
          time,
        })),
        before: next,
      },
      actions: olderAndNewest(words, 'datasets', { before, next }, { limit: unless(usual, limit) }),
    };
  },
});
