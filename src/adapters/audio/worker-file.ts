import { extname } from 'node:path';

/** A worker's file, named as it stands in this folder: as TypeScript in src, as JavaScript where it was compiled. */
export function workerFile(name: string): URL {
  return new URL(`./${name}${extname(import.meta.filename)}`, import.meta.url);
}
