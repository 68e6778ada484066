import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { openVault } from '../../../../src/adapters/files/vault.ts';
import { identify, isRunning } from '../../../../src/adapters/models/external/process-identity.ts';
import { endTraining } from '../../../../src/adapters/models/external/supervising.ts';
import {
  createExternalTrainer,
  type ExternalTrainerOptions,
} from '../../../../src/adapters/models/external/trainer.ts';
import { type DatasetFormat, datasetLine, type TrainingExample } from '../../../../src/domain/examples.ts';
import type { TrainingOrder, TrainingUpdate, Vault } from '../../../../src/domain/ports.ts';

export const JOB = '0f6a4c3e-5d5b-5c0e-9c43-0b8a6f0a7c11';
const PLAIN_NODE = fileURLToPath(
  new URL('../../../../examples/trainers/plain-node/train.js', import.meta.url),
);

export const sft = (question: string, answer: string): TrainingExample => ({
  format: 'sft',
  messages: [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ],
});
export const lessons = [
  sft('When does the library open?', 'At nine.'),
  sft('Where is the station?', 'Behind the park.'),
];

export interface Place {
  readonly root: string;
  /** Of all trainings. */
  readonly directory: string;
  /** Of the job. */
  readonly job: string;
  readonly vault: Vault;
}

/** A place of its own for a test; nothing of a training that was begun there outlives the test. */
export async function place(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'external-'));
  const directory = join(root, 'trainings');
  const job = join(directory, JOB);
  onTestFinished(async () => {
    await endTraining(job, 0);
    await rm(root, { recursive: true, force: true });
  });
  return { root, directory, job, vault: openVault(join(root, 'vault')) };
}

/** The example trainer, with what is to be added to its arguments. */
export function plainNode(...more: readonly string[]): [string, ...string[]] {
  const placed = ['train', 'valid', 'method', 'out', 'seed', 'config'].flatMap((name) => [
    `--${name}`,
    `{${name}}`,
  ]);
  return [process.execPath, PLAIN_NODE, ...placed, '--base-model', '{base_model}', ...more];
}

/** A trainer of which nothing but this is known: a script, with the job's directory as its first argument. */
export async function script({ root }: Place, lines: string): Promise<[string, ...string[]]> {
  const path = join(root, 'trainer.mjs');
  await writeFile(path, lines);
  return [process.execPath, path, '{job_dir}'];
}

export function optionsOf(
  { vault, directory }: Place,
  command: [string, ...string[]],
  more: Partial<ExternalTrainerOptions> = {},
): ExternalTrainerOptions {
  return {
    vault,
    directory,
    command,
    baseModel: 'tiny-base',
    formats: ['sft', 'dpo', 'kto'],
    variables: { PATH: process.env.PATH },
    passedOn: { names: [], secrets: [] },
    timeLimitMs: 60_000,
    stopMs: 5_000,
    attempts: 3,
    retryDelayMs: 1,
    ...more,
  };
}

export async function orderFor(
  { vault }: Pick<Place, 'vault'>,
  examples: readonly TrainingExample[] = lessons,
  more: Partial<TrainingOrder> = {},
): Promise<TrainingOrder> {
  const encoder = new TextEncoder();
  const dataset = await vault.put(examples.map((example) => encoder.encode(datasetLine(example))));
  const manifest = await vault.put([encoder.encode('{"format":"sft","kind":"selection"}\n')]);
  const format: DatasetFormat = examples[0]?.format ?? 'sft';
  return {
    job: JOB,
    dataset: { ...dataset, format, examples: examples.length, manifest: manifest.sha256 },
    hyperparameters: {},
    known: { file: null, reference: null },
    ...more,
  };
}

/** All that a trainer tells of an order until it ends. */
export async function train(
  options: ExternalTrainerOptions,
  order: TrainingOrder,
  signal = new AbortController().signal,
): Promise<TrainingUpdate[]> {
  const updates: TrainingUpdate[] = [];
  for await (const update of createExternalTrainer(options).train(order, signal)) updates.push(update);
  return updates;
}

/** The reason for which a training failed. */
export async function failureOf(
  where: Place,
  command: [string, ...string[]],
  more: Partial<ExternalTrainerOptions> = {},
): Promise<string> {
  const last = (await train(optionsOf(where, command, more), await orderFor(where))).at(-1);
  if (last?.kind !== 'failed') throw new Error(`it did not fail: ${JSON.stringify(last)}`);
  return last.reason;
}

/** The number of a process that wrote it into a file, once it stands there. */
export async function pidIn(path: string): Promise<number> {
  return vi.waitFor(
    async () => {
      const text = await readFile(path, 'utf8');
      if (!text.endsWith('\n')) throw new Error(`${path} is not written yet`);
      return Number(text);
    },
    { timeout: 15_000, interval: 20 },
  );
}

export async function isAlive(pid: number): Promise<boolean> {
  const process = await identify(pid);
  return process !== undefined && isRunning(process);
}
