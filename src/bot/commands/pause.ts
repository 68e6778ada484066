import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { defineCommand } from '../command.ts';
import { turnJob } from '../job-turn.ts';
import { positional, reference, Word } from '../options.ts';
import { withPrefix } from '../prefix.ts';

export const pause = defineCommand({
  name: 'pause',
  right: 'trainer',
  options: z.object({ job: positional(Word, reference('job')) }),
  run: async (context, options) => {
    const job = await context.resolve('job', options.job);
    await turnJob(context, job, 'pause');
    const { prefix } = context.services.settings;
    return { text: withPrefix(context.words.jobs.paused(shorten(job)), prefix), data: { job } };
  },
});
