import { extname } from 'node:path';

/** The workers stand beside this file: as TypeScript in src, as JavaScript where it was compiled. */
function workerFile(name: string): URL {
  return new URL(`./${name}${extname(import.meta.filename)}`, import.meta.url);
}

export const TRAINING_WORKER = workerFile('training-worker');
export const ANSWERING_WORKER = workerFile('answering-worker');

/** Whether a worker ended because it reached its `resourceLimits`. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
