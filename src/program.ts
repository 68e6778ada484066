import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseCommandLine } from './command-line.ts';
import { ourSettings } from './configuration.ts';
import { perform } from './tasks.ts';
import { UsageError } from './usage-error.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** After a signal everything has this long to end by itself. */
const MAX_LEAVING_MS = 20_000;
const LINGERING_MS = 500;
const FAILED = 1;
const WRONGLY_STARTED = 2;

const stop = new AbortController();
stop.signal.addEventListener('abort', () => setTimeout(() => process.exit(FAILED), MAX_LEAVING_MS).unref());
for (const signal of SIGNALS) process.on(signal, () => stop.abort());
// Whoever supervises this process is gone.
process.on('disconnect', () => stop.abort());

try {
  await perform(parseCommandLine(process.argv.slice(2), ownVersion(), ourSettings), stop.signal);
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = error instanceof UsageError ? WRONGLY_STARTED : FAILED;
}
// Everything is closed by now. What nobody waits for any more, such as a request or discord.js connecting again after
// it was told to end, does not keep the process.
if (stop.signal.aborted || process.exitCode === FAILED)
  setTimeout(() => process.exit(), LINGERING_MS).unref();

function ownVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

function sentence(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
  return /[.?!]$/.test(message) ? message : `${message}.`;
}
