import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { findModel, listModels } from '../../projections/models.ts';
import { activeModel } from '../active-model.ts';
import { defineCommand } from '../command.ts';
import { count, countUpTo, named, reference, Word } from '../options.ts';
import { olderAndNewest, pageOf, unless, usualLimit } from '../paging.ts';
import { shownTime } from '../words.ts';

export const models = defineCommand({
  name: 'models',
  right: 'everyone',
  options: z.object({
    before: named(Word.optional(), reference('model')),
    limit: named(countUpTo(100).optional(), count(100)),
  }),
  run: async ({ services, cause, incoming, resolve, words }, { before, ...options }) => {
    const usual = usualLimit(incoming);
    const { limit = usual } = options;
    const { db } = services.readModels;
    const active = await activeModel(services, cause.scope);
    const bound =
      before === undefined ? null : await findModel(db, cause.scope, await resolve('model', before));
    const found = await listModels(db, cause.scope, {
      before: bound?.last_ordinal ?? null,
      limit: limit + 1,
    });
    const { rows, next } = pageOf(found, limit);
    const lines = rows.map(({ id, job, dataset, time }) =>
      words.models.trained({
        model: shorten(id),
        job: shorten(job),
        dataset: shorten(dataset),
        when: shownTime(time),
      }),
    );
    return {
      text: [words.models.active(shorten(active.model)), ...lines].join('\n'),
      data: {
        active: active.model,
        models: rows.map(({ id, job, dataset, time }) => ({
          model: id,
          job,
          dataset,
          sha256: dataset,
          time,
        })),
        before: next,
      },
      actions: olderAndNewest(words, 'models', { before, next }, { limit: unless(usual, limit) }),
    };
  },
});
