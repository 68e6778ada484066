import { z } from 'zod';
import { parseJsonLine } from './json-line.ts';
import type { Progress } from './progress.ts';

/** The name that LLaMA-Factory gives the file in its output directory. */
export const LLAMA_FACTORY_LOG = 'trainer_log.jsonl';

const LogLine = z.object({
  current_steps: z.int().nonnegative(),
  total_steps: z.int().nonnegative(),
  loss: z.number().nullish(),
});

/** What a line of LLaMA-Factory's log says; nothing where it says no progress. */
export function readLlamaFactoryLine(line: string): Progress | undefined {
  const { success, data } = LogLine.safeParse(parseJsonLine(line));
  return success ? { step: data.current_steps, total: data.total_steps, loss: data.loss ?? null } : undefined;
}
