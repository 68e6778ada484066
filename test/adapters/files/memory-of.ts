import { z } from 'zod';
import { ended, startChild } from './child-process.ts';

/** A process takes what it is allowed. What it needs shows where it is allowed little. */
export const LITTLE_MEMORY = ['--max-old-space-size=64', '--max-semi-space-size=8'];

/** So little that nothing can be held of each example even of a file that is soon read. */
export const LEAST_MEMORY = ['--max-old-space-size=24', '--max-semi-space-size=2'];

const Outcome = z.object({ examples: z.number(), reasons: z.number(), mebibytes: z.number() });

/** What came of reading a file of that shape and size, and the most memory that the process took, in MiB. */
export async function readShape(
  shape: string,
  mebibytes: number,
  memory: readonly string[] = LITTLE_MEMORY,
): Promise<z.infer<typeof Outcome>> {
  const { out } = await ended(startChild('read-shape.ts', [shape, String(mebibytes)], memory));
  return Outcome.parse(JSON.parse(out));
}

/** The same for taking a file of each shape into a vault as one dataset. */
export async function takeInShapes(
  vaultDirectory: string,
  shapes: readonly string[],
  mebibytes: number,
): Promise<z.infer<typeof Outcome>> {
  const { out } = await ended(
    startChild('take-in.ts', [vaultDirectory, String(mebibytes), ...shapes], LEAST_MEMORY),
  );
  return Outcome.parse(JSON.parse(out));
}

/** The same for archiving a directory of a data directory. */
export async function archiveDirectory(dataDirectory: string, directory: string): Promise<number> {
  const { out } = await ended(startChild('archive.ts', [dataDirectory, directory], LITTLE_MEMORY));
  return z.object({ mebibytes: z.number() }).parse(JSON.parse(out)).mebibytes;
}
