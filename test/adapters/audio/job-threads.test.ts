import { afterEach, describe, expect, it } from 'vitest';
import { JobThreads } from '../../../src/adapters/audio/job-threads.ts';
import { READY } from '../../../src/adapters/audio/ready.ts';
import { english } from '../../../src/domain/languages/english/english.ts';

/** Answers what it is sent, and then says so where nobody need look at messages to see it. */
const ANSWERING = `
  import { parentPort, workerData } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    parentPort.postMessage(message);
    Atomics.add(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });
  parentPort.postMessage(${JSON.stringify(READY)});`;

const opened: JobThreads[] = [];

afterEach(async () => {
  for (const threads of opened.splice(0)) await threads.close();
});

function answering(answered: Int32Array): JobThreads {
  const file = new URL(`data:text/javascript,${encodeURIComponent(ANSWERING)}`);
  const workerData = async () => answered;
  const threads = new JobThreads({ file, threads: 1, mostWaiting: 4, workerData });
  opened.push(threads);
  return threads;
}

async function answerOf(threads: JobThreads, request: string, signal?: AbortSignal): Promise<unknown> {
  let answer: unknown;
  await threads.run({
    request,
    timeLimitMs: 10_000,
    signal,
    onMessage: (message) => {
      answer = message;
      return true;
    },
  });
  return answer;
}

describe('a job that is called off', () => {
  it('ends its thread for good, though the answer of that was on its way', async () => {
    const answered = new Int32Array(new SharedArrayBuffer(4));
    const threads = answering(answered);
    await answerOf(threads, 'something first, so that the thread is there');
    const calledOff = new AbortController();
    const ended = answerOf(threads, 'what nobody wants', calledOff.signal);
    // The answer has been sent, and no message has been looked at.
    Atomics.wait(answered, 0, 1);
    calledOff.abort();
    await expect(ended).rejects.toThrow(english.sound.threads.cancelled);
    const next = ['one', 'two', 'three'].map((request) => answerOf(threads, request));
    expect(await Promise.all(next)).toEqual(['one', 'two', 'three']);
  });
});
