import { setTimeout as delay } from 'node:timers/promises';
import { FollowedFile } from './followed-file.ts';
import type { JobDirectory } from './job-directory.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { MAX_RECORD_LINE, RecordEntry } from './run-record.ts';
import { systemCode } from './system-code.ts';

const SHORTEST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 1_000;
/** Between two looks whether the supervisor is still there. */
const SILENCE_MS = 2_000;

/**
 * What a supervisor records, from the beginning and as it comes. Ends after `ended`, when the signal fires, or,
 * without `ended`, when the supervisor is gone.
 */
export async function* followRecord(
  { record }: JobDirectory,
  supervisor: ProcessIdentity,
  signal: AbortSignal,
): AsyncGenerator<RecordEntry, void> {
  const file = new FollowedFile(record, MAX_RECORD_LINE);
  let pauseMs = SHORTEST_LOOK_MS;
  let silentSince = performance.now();
  let isGone = false;
  while (!signal.aborted) {
    const lines = await file.readNew().catch(noneWhileShort);
    for (const line of lines) {
      const entry = RecordEntry.parse(JSON.parse(line));
      yield entry;
      if (entry.kind === 'ended') return;
    }
    if (lines.length > 0) {
      pauseMs = SHORTEST_LOOK_MS;
      silentSince = performance.now();
      continue;
    }
    if (isGone) return;
    if (performance.now() - silentSince >= SILENCE_MS) {
      // What it recorded just before it went is read once more.
      isGone = !(await isRunning(supervisor));
      silentSince = performance.now();
      if (isGone) continue;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 1.5, LONGEST_LOOK_MS);
  }
}

/** Where the process has no descriptor or memory left for a while, the file is read later. */
function noneWhileShort(error: unknown): string[] {
  const code = systemCode(error);
  if (code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM' || code === 'EAGAIN') return [];
  throw error;
}
