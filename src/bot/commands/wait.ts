import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { jobData, jobText, knownJob } from '../job-words.ts';
import { positional, reference, Word } from '../options.ts';

export const wait = defineCommand({
  name: 'wait',
  right: 'everyone',
  surfaces: ['console'],
  options: z.object({
    job: positional(Word.default('last'), reference('job')),
  }),
  run: async (context, options) => {
    const id = await context.resolve('job', options.job);
    await context.services.training.ended(id);
    const row = await knownJob(context, id);
    return { text: jobText(context, row), data: jobData(row) };
  },
});
