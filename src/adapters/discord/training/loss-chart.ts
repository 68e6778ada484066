import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LossChartTask } from './loss-chart-task.ts';

const MAX_DRAWING_MS = 30_000;

/** Beside this file: TypeScript in src, JavaScript where it was compiled. */
const WORKER = new URL(`./loss-chart-worker${extname(import.meta.filename)}`, import.meta.url);

/**
 * The losses of a job as a PNG, drawn in a thread of its own that is there for this one chart: loading what draws
 * takes longer than the gateway may be held up.
 * @throws Error where it cannot be drawn
 */
export async function drawLossChart(task: LossChartTask): Promise<Uint8Array> {
  const worker = new Worker(WORKER, { workerData: task });
  try {
    const [png]: unknown[] = await once(worker, 'message', { signal: AbortSignal.timeout(MAX_DRAWING_MS) });
    if (!(png instanceof Uint8Array)) throw new Error('the thread that draws the chart sent something else');
    return png;
  } finally {
    worker.on('error', () => {});
    await worker.terminate();
  }
}
