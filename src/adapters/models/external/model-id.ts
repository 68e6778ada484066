import { createHash } from 'node:crypto';
import { sortedJson } from '../../../domain/sorted-json.ts';
import type { ResultManifest } from './result-manifest.ts';

const PREFIX = 'external-';

/**
 * A model is named by what it is made of: `external-` and the SHA-256 of the canonical JSON of the base model and
 * of each artifact's path and hash. Whoever serves it gives it this name.
 */
export function modelId({ base_model, artifacts }: Pick<ResultManifest, 'base_model' | 'artifacts'>): string {
  const files = artifacts.map(({ path, sha256 }) => ({ path, sha256 })).sort(byPath);
  const content = sortedJson({ artifacts: files, base_model });
  return PREFIX + createHash('sha256').update(content).digest('hex');
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}
