import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseCommandLine } from './command-line.ts';
import { ourSettings } from './configuration.ts';
import type { Surroundings } from './surroundings.ts';
import { perform } from './tasks.ts';
import { UsageError } from './usage-error.ts';

const FAILED = 1;
const WRONGLY_STARTED = 2;

/**
 * One run of the program, in whatever process: does what the arguments say, and says in one sentence why it could not.
 * @param stop fires when the program is to end soon
 * @returns the exit code
 */
export async function run(
  args: readonly string[],
  surroundings: Surroundings,
  stop: AbortSignal,
): Promise<number> {
  try {
    const { isDone } = await perform(parseCommandLine(args, ownVersion(), ourSettings), surroundings, stop);
    return isDone ? 0 : FAILED;
  } catch (error) {
    surroundings.stderr.write(`${sentence(error)}\n`);
    return error instanceof UsageError ? WRONGLY_STARTED : FAILED;
  }
}

function ownVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

function sentence(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
  return /[.?!]$/.test(message) ? message : `${message}.`;
}
