import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from './disk-errors.ts';

const Id = z.uuid();

/**
 * Which of the processes that share a ledger this one is: a UUID that stays with the data directory, so that after a
 * restart a process knows what it was doing. Whoever asks must have the directory for itself.
 */
export function processIdOf(directory: string): string {
  const path = join(directory, 'process-id');
  const known = Id.safeParse(read(path));
  if (known.success) return known.data;
  const id = randomUUID();
  writeFileSync(`${path}.new`, id, { flush: true });
  renameSync(`${path}.new`, path);
  return id;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}
