import type { ChildProcess } from 'node:child_process';
import type { SayPlatform } from './say-platforms.ts';

export interface SpeechExport {
  readonly platform: SayPlatform;
  readonly text: string;
  readonly voice: string | null;
  /** A WAV file to be written. */
  readonly file: string;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** How it came out. */
export type ExportOutcome = 'written' | 'missing' | 'failed' | 'too slow' | 'cancelled';

/**
 * Lets a program write speech into a file. The package leaves it to us to hear of a program that is missing, ends
 * early, does not read what it is given or does not end, and takes a word on standard error for a failure.
 */
export async function exportSpeech({
  platform,
  text,
  voice,
  file,
  timeLimitMs,
  signal,
}: SpeechExport): Promise<ExportOutcome> {
  try {
    platform.export(text, voice, null, file, () => undefined);
  } catch {
    return 'failed';
  }
  const { child } = platform;
  return child === null ? 'failed' : endOf(child, timeLimitMs, signal);
}

async function endOf(child: ChildProcess, timeLimitMs: number, signal?: AbortSignal): Promise<ExportOutcome> {
  const { promise, resolve } = Promise.withResolvers<ExportOutcome>();
  // A program that has ended does not read, which its end tells better.
  child.stdin?.on('error', () => undefined);
  child.stdout?.resume();
  child.stderr?.resume();
  const end = (outcome: ExportOutcome) => {
    resolve(outcome);
    child.kill('SIGKILL');
  };
  child.once('error', (error) => end('code' in error && error.code === 'ENOENT' ? 'missing' : 'failed'));
  child.once('close', (code) => resolve(code === 0 ? 'written' : 'failed'));
  const timer = setTimeout(() => end('too slow'), timeLimitMs);
  const cancel = () => end('cancelled');
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}
