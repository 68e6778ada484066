import { mkdir, rename, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Below the directory of all trainings: a link for each model, named by its id, to what was made for it. */
export const SERVED_MODELS = 'models';

/** Lets whoever serves models find one by its id, as vLLM does; a model that was made twice is found at its latest. */
export async function linkModel(directory: string, model: string, out: string): Promise<void> {
  const models = join(directory, SERVED_MODELS);
  await mkdir(models, { recursive: true });
  const half = join(models, `.${model}.half`);
  // Windows needs no right for a junction, which must be absolute; elsewhere the directory can be moved as a whole.
  const target = process.platform === 'win32' ? out : relative(models, out);
  await symlink(target, half, 'junction').catch(async (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await rename(half, join(models, model));
}
