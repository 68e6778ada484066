import { z } from 'zod';

/** Other servers leave out what they do not know, and nothing of it but the id is needed to go on. */
export const ServerJob = z.object({
  id: z.string().min(1),
  /** An open set. */
  status: z.string().nullish().catch(null),
  fine_tuned_model: z.string().min(1).nullish().catch(null),
  error: z.object({ message: z.string().nullish() }).nullish().catch(null),
  trained_tokens: z.int().nonnegative().nullish().catch(null),
  training_file: z.string().nullish().catch(null),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export type ServerJob = z.infer<typeof ServerJob>;

export function hasEnded({ status }: ServerJob): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** Of a page of a list; what cannot be read in it is left out. */
export const ServerJobs = z
  .array(z.unknown())
  .transform((jobs) => jobs.flatMap((job) => ServerJob.safeParse(job).data ?? []));

export const ServerFile = z.object({
  id: z.string().regex(/^[^,]+$/),
  status: z.string().nullish().catch(null),
  status_details: z.string().nullish().catch(null),
});
export type ServerFile = z.infer<typeof ServerFile>;
