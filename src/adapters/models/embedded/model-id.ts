/** It has learned nothing: it answers until a trained model is promoted. */
export const BASE_MODEL = 'embedded-base';

const PREFIX = 'embedded-';

/** A model is named by its file's content. */
export function modelId(sha256: string): string {
  return PREFIX + sha256;
}

/** The SHA-256 of a model's file; null where that is not the name of a trained model. */
export function modelFileOf(id: string): string | null {
  const sha256 = id.slice(PREFIX.length);
  return id.startsWith(PREFIX) && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null;
}
