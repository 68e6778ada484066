import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { jobDecider } from '../../domain/job.ts';
import { streamName } from '../../domain/streams.ts';
import { defineCommand } from '../command.ts';
import { positional, reference, Word } from '../options.ts';

export const cancel = defineCommand({
  name: 'cancel',
  right: 'trainer',
  begins: ['TrainingCancelled'],
  options: z.object({ job: positional(Word, reference('job')) }),
  run: async ({ cause, handle, resolve, words }, options) => {
    const job = await resolve('job', options.job);
    await handle(streamName(cause.scope, 'job', job), jobDecider, { kind: 'cancel training', job });
    return { text: words.jobs.cancelled(shorten(job)), data: { job } };
  },
});
