import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jobDirectory } from './job-directory.ts';
import { SERVED_MODELS } from './served-models.ts';
import { endTraining, hasEnded } from './supervising.ts';
import { systemCode } from './system-code.ts';

/**
 * Ends trainers that go on though their job is over: a bot that is killed between recording a cancellation and
 * carrying it out leaves them behind. To be called before jobs are taken up again.
 * @param unfinished the ids of the jobs that have not ended
 * @returns the ids of the jobs that were ended
 */
export async function endAbandonedTrainings(
  { directory, stopMs }: { readonly directory: string; readonly stopMs: number },
  unfinished: ReadonlySet<string>,
): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const name of await jobsIn(directory)) {
    const path = join(directory, name);
    const isSettled = unfinished.has(name) || (await hasEnded(jobDirectory(path)));
    if (!isSettled && (await endTraining(path, stopMs))) ended.push(name);
  }
  return ended;
}

async function jobsIn(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && entry.name !== SERVED_MODELS)
      .map(({ name }) => name);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
