import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const MODULE = new URL('../../../src/adapters/audio/thread-priority.ts', import.meta.url);

/** In a thread of its own, as its niceness stays with it. */
async function nicenessAfter(started: number, asked: number): Promise<unknown> {
  const code = `
    import { getPriority, setPriority } from 'node:os';
    import { parentPort } from 'node:worker_threads';
    import { standBack } from ${JSON.stringify(MODULE.href)};
    setPriority(0, ${started});
    standBack(${asked});
    parentPort.postMessage(getPriority(0));`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const [niceness] = await once(worker, 'message');
  await worker.terminate();
  return niceness;
}

// Elsewhere nothing has a priority but the process.
it.runIf(process.platform === 'linux').each([
  ['stands back', 0, 5, 5],
  ['stays where it stands further back already', 15, 5, 15],
])('a thread %s', async (_what, started, asked, then) => {
  expect(await nicenessAfter(started, asked)).toBe(then);
});
