import { z } from 'zod';
import { parseJsonLine } from './json-line.ts';
import type { Progress } from './progress.ts';

/** The name that LLaMA-Factory gives the file in its output directory. */
export const LLAMA_FACTORY_LOG = 'trainer_log.jsonl';

const LogLine = z.object({
  current_steps: z.int().nonnegative(),
  total_steps: z.int().nonnegative(),
  loss: z.number().nullish(),
  eval_loss: z.number().nullish(),
});

/** What a line of LLaMA-Factory's log says; nothing where it says no progress. */
export function readLlamaFactoryLine(line: string): Progress | undefined {
  const { success, data } = LogLine.safeParse(parseJsonLine(line));
  if (!success) return undefined;
  const { current_steps: step, total_steps: total, loss = null, eval_loss: evaluationLoss } = data;
  return { step, total, loss, ...(evaluationLoss != null && { evaluationLoss }) };
}
