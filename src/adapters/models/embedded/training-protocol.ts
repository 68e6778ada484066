import { MessagePort } from 'node:worker_threads';
import { z } from 'zod';
import { DatasetFormat } from '../../../domain/examples.ts';

/** What the training worker is started with; it reads the dataset from one port and writes the model to the other. */
export const TrainingTask = z.object({
  dataset: z.string(),
  format: DatasetFormat,
  /** As many as the dataset is said to have. */
  examples: z.int().nonnegative(),
  source: z.instanceof(MessagePort),
  target: z.instanceof(MessagePort),
});
export type TrainingTask = z.infer<typeof TrainingTask>;

/** What the training worker reports: steps, and then one of the others. */
export const TrainingReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progressed'), step: z.int(), total: z.int(), loss: z.number() }),
  /** From now on the model can be read from the port. */
  z.object({ kind: z.literal('learned'), loss: z.number() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);
export type TrainingReport = z.infer<typeof TrainingReport>;
