import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { defineCommand } from '../command.ts';
import { turnJob } from '../job-turn.ts';
import { positional, reference, Word } from '../options.ts';

export const resume = defineCommand({
  name: 'resume',
  right: 'trainer',
  options: z.object({ job: positional(Word, reference('job')) }),
  run: async (context, options) => {
    const job = await context.resolve('job', options.job);
    await turnJob(context, job, 'resume');
    return { text: context.words.jobs.resumed(shorten(job)), data: { job } };
  },
});
