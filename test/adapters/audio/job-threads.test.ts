import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobThreads } from '../../../src/adapters/audio/job-threads.ts';
import { READY } from '../../../src/adapters/audio/ready.ts';
import { english } from '../../../src/domain/languages/english/english.ts';

let directory: string;
let starts: string;
const opened: JobThreads[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'job-threads-'));
  starts = join(directory, 'starts');
  await writeFile(starts, '');
});

afterEach(async () => {
  for (const threads of opened.splice(0)) await threads.close();
  await rm(directory, { recursive: true });
});

/** Threads that answer what they are sent, except that the first ones end at their start. */
function threadsThatEnd({ atFirst }: { readonly atFirst: number }): JobThreads {
  const code = `
    import { appendFileSync, readFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    appendFileSync(${JSON.stringify(starts)}, '.');
    if (readFileSync(${JSON.stringify(starts)}).length <= ${atFirst}) process.exit(13);
    parentPort.on('message', (message) => parentPort.postMessage(message));
    parentPort.postMessage(${JSON.stringify(READY)});`;
  const file = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const threads = new JobThreads({ file, threads: 1, mostWaiting: 4 });
  opened.push(threads);
  return threads;
}

async function answerOf(threads: JobThreads): Promise<unknown> {
  let answer: unknown;
  await threads.run({
    request: 'what was asked',
    timeLimitMs: 10_000,
    onMessage: (message) => {
      answer = message;
      return true;
    },
  });
  return answer;
}

const started = async () => (await readFile(starts)).length;

describe('a thread that ends at its start', () => {
  it('is replaced, and whoever waits notices nothing', async () => {
    const threads = threadsThatEnd({ atFirst: 1 });
    expect(await answerOf(threads)).toBe('what was asked');
    expect(await answerOf(threads)).toBe('what was asked');
    expect(await started()).toBe(2);
  });

  it('is not replaced for ever: whoever waits is told, and operators with what it ended', async () => {
    const threads = threadsThatEnd({ atFirst: 2 });
    await expect(Promise.all([answerOf(threads), answerOf(threads)])).rejects.toMatchObject({
      message: english.sound.threads.broken,
      cause: { message: 'the thread ended with 13' },
    });
    expect(await started()).toBe(2);
  });

  it('is tried anew by whoever comes later', async () => {
    const threads = threadsThatEnd({ atFirst: 3 });
    await expect(answerOf(threads)).rejects.toThrow(english.sound.threads.broken);
    expect(await answerOf(threads)).toBe('what was asked');
    expect(await started()).toBe(4);
  });
});
