import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { describeJob, jobData, knownJob } from '../job-words.ts';
import { positional, Word } from '../options.ts';

export const job = defineCommand({
  name: 'job',
  summary: 'shows the state, progress, loss and result of a training job',
  example: 'job last',
  right: 'everyone',
  options: z.object({ job: positional(Word, 'the job, by its id or last') }),
  run: async (context, options) => {
    const row = await knownJob(context, await context.resolve('job', options.job));
    return { text: describeJob(row), data: jobData(row) };
  },
});
