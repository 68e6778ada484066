import { readFile } from 'node:fs/promises';
import type { Settings } from './bot/adapters.ts';
import { UsageError } from './usage-error.ts';

const MAX_BYTES = 100_000;

/** The operator's text, or ours. @throws UsageError where the operator's cannot be shown */
export async function loadInstructions(file: string | undefined): Promise<Settings['instructions']> {
  if (file === undefined) return { source: 'built-in' };
  return { source: 'operator', text: await readOperators(file) };
}

async function readOperators(file: string): Promise<string> {
  const refuse = (reason: string) => new UsageError(`INSTRUCTIONS_FILE names ${file}, but ${reason}.`);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`that cannot be read (${error.code})`);
  });
  if (bytes.length > MAX_BYTES) throw refuse(`that is larger than ${MAX_BYTES} bytes`);
  const text = decode(bytes)?.trim();
  if (text === undefined) throw refuse('that is not text in UTF-8');
  if (text === '') throw refuse('that is empty');
  return text;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
