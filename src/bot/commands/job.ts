import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { jobData, jobText, knownJob } from '../job-words.ts';
import { positional, reference, Word } from '../options.ts';

export const job = defineCommand({
  name: 'job',
  right: 'everyone',
  options: z.object({ job: positional(Word, reference('job')) }),
  run: async (context, options) => {
    const row = await knownJob(context, await context.resolve('job', options.job));
    return { text: jobText(context, row), data: jobData(row) };
  },
});
