import { z } from 'zod';

/** What the thread that draws is given. */
export const LossChartTask = z.object({
  /** In the order of the steps. */
  points: z.array(z.object({ step: z.number(), loss: z.number() })).readonly(),
  title: z.string(),
  stepLabel: z.string(),
  lossLabel: z.string(),
});
export type LossChartTask = Readonly<z.infer<typeof LossChartTask>>;
