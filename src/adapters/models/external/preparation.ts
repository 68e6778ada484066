import { access, mkdir, open, rename, writeFile } from 'node:fs/promises';
import type { TrainingOrder, Vault } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type CommandTemplate, fillCommand } from './command-template.ts';
import type { JobDirectory } from './job-directory.ts';
import type { Task } from './task.ts';
import { writeTrainingFiles } from './training-files.ts';

export type Terms = Pick<Task, 'timeLimitMs' | 'stopMs' | 'attempts' | 'retryDelayMs'> & {
  readonly command: CommandTemplate;
  readonly baseModel: string;
};

const USUAL_SEED = 42;

export async function isPrepared({ task }: JobDirectory): Promise<boolean> {
  return access(task).then(
    () => true,
    () => false,
  );
}

/** Puts all that the trainer and its supervisor need into the job's directory; again from the start, where it was not finished. */
export async function prepare(
  vault: Vault,
  job: JobDirectory,
  order: TrainingOrder,
  terms: Terms,
): Promise<void> {
  const { command, ...limits } = terms;
  const { dataset, hyperparameters } = order;
  const seed = seedOf(hyperparameters);
  await mkdir(job.out, { recursive: true, mode: 0o700 });
  const examples = await writeTrainingFiles(vault, dataset, job);
  const config = {
    protocol: 'trainer/1',
    job: order.job,
    base_model: terms.baseModel,
    method: dataset.format,
    seed,
    dataset: { sha256: dataset.sha256, format: dataset.format, examples },
    train: job.train,
    valid: job.valid,
    out: job.out,
    hyperparameters,
  };
  await writeFile(job.config, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  const task: Task = {
    ...limits,
    command: fillCommand(command, {
      train: job.train,
      valid: job.valid,
      base_model: terms.baseModel,
      method: dataset.format,
      out: job.out,
      seed: String(seed),
      config: job.config,
      job_dir: job.path,
    }),
    dataset: dataset.sha256,
    seed,
  };
  await writeDurably(job.task, JSON.stringify(task));
}

/** @throws Refusal where it is no whole number */
export function seedOf({ seed = USUAL_SEED }: TrainingOrder['hyperparameters']): number {
  const given = Number(seed);
  if (Number.isSafeInteger(given)) return given;
  throw new Refusal(({ trainers }) => trainers.notSeed(String(seed)));
}

/** Stands there whole or not at all. */
async function writeDurably(path: string, text: string): Promise<void> {
  const half = `${path}.half`;
  const file = await open(half, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, path);
}
