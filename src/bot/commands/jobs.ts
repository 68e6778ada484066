import { z } from 'zod';
import { findJob, listJobs } from '../../projections/jobs.ts';
import { defineCommand } from '../command.ts';
import { describeJob, jobData } from '../job-words.ts';
import { count, countUpTo, named, reference, Word } from '../options.ts';
import { olderAndNewest, pageOf, unless, usualLimit } from '../paging.ts';

export const jobs = defineCommand({
  name: 'jobs',
  right: 'everyone',
  options: z.object({
    before: named(Word.optional(), reference('job')),
    limit: named(countUpTo(100).optional(), count(100)),
  }),
  run: async ({ services, cause, incoming, resolve, words }, { before, ...options }) => {
    const usual = usualLimit(incoming);
    const { limit = usual } = options;
    const { db } = services.readModels;
    const bound = before === undefined ? null : await findJob(db, cause.scope, await resolve('job', before));
    const found = await listJobs(db, cause.scope, { before: bound?.ordinal ?? null, limit: limit + 1 });
    const { rows, next } = pageOf(found, limit);
    return {
      text:
        rows.length === 0
          ? words.jobs.none(services.settings.prefix)
          : rows.map((row) => describeJob(row, words)).join('\n'),
      data: { jobs: rows.map(jobData), before: next },
      actions: olderAndNewest(words, 'jobs', { before, next }, { limit: unless(usual, limit) }),
    };
  },
});
