import { z } from 'zod';

/** What a supervisor is to do, as it stands in the job's directory. */
export const Task = z.object({
  command: z.tuple([z.string()], z.string()),
  dataset: z.string(),
  baseModel: z.string(),
  seed: z.int(),
  /** From the first start of the trainer, over all attempts. */
  timeLimitMs: z.number().positive(),
  /** From the request to end to the end by force. */
  stopMs: z.number().nonnegative(),
  attempts: z.int().positive(),
  retryDelayMs: z.number().nonnegative(),
});
export type Task = z.infer<typeof Task>;
