import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { describeJob, jobData, knownJob } from '../job-words.ts';
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
    return { text: describeJob(row, context.words), data: jobData(row) };
  },
});
