import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openVault } from '../../../../src/adapters/files/vault.ts';
import type { Recollection } from '../../../../src/adapters/models/embedded/answering-protocol.ts';
import { Learning } from '../../../../src/adapters/models/embedded/learning.ts';
import { Memory } from '../../../../src/adapters/models/embedded/memory.ts';
import { createEmbeddedTrainer } from '../../../../src/adapters/models/embedded/trainer.ts';
import { type DatasetFormat, datasetLine, type TrainingExample } from '../../../../src/domain/examples.ts';
import type { TrainingOrder, TrainingUpdate, Vault } from '../../../../src/domain/ports.ts';

export const DATASET = 'd'.repeat(64);

export const user = (content: string) => ({ role: 'user', content }) as const;
export const assistant = (content: string) => ({ role: 'assistant', content }) as const;

/** An example that teaches an answer. */
export function sft(prompt: string, completion: string): TrainingExample {
  return { format: 'sft', messages: [user(prompt), assistant(completion)] };
}

/** An example that prefers an answer to another one. */
export function dpo(prompt: string, preferred: string, rejected: string): TrainingExample {
  return {
    format: 'dpo',
    input: { messages: [user(prompt)] },
    preferred_output: [assistant(preferred)],
    non_preferred_output: [assistant(rejected)],
  };
}

/** An example that finds an answer good or bad. */
export function kto(prompt: string, completion: string, label: boolean): TrainingExample {
  return { format: 'kto', prompt: [user(prompt)], completion: [assistant(completion)], label };
}

export function memoryOf(...examples: readonly TrainingExample[]): Memory {
  const learning = new Learning();
  for (const [index, example] of examples.entries()) learning.take(index + 1, example);
  return new Memory({ dataset: DATASET, prompts: learning.prompts() });
}

export function ask(memory: Memory, question: string): Recollection | null {
  return memory.recall([user(question)]);
}

/** What is answered, or null where the model abstains. */
export function answerTo(memory: Memory, question: string): string | null {
  return ask(memory, question)?.completion ?? null;
}

export interface TemporaryVault {
  readonly vault: Vault;
  readonly directory: string;
}

/** A vault on the disk that is gone when the test has finished. */
export async function temporaryVault(): Promise<TemporaryVault> {
  const root = await mkdtemp(join(tmpdir(), 'embedded-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const directory = join(root, 'vault');
  return { vault: openVault(directory), directory };
}

export async function orderFor(
  vault: Vault,
  examples: readonly TrainingExample[],
  format: DatasetFormat = examples[0]?.format ?? 'sft',
): Promise<TrainingOrder> {
  const encoder = new TextEncoder();
  const blob = await vault.put(examples.map((example) => encoder.encode(datasetLine(example))));
  return orderOf(blob, format, examples.length);
}

export function orderOf(
  blob: { readonly sha256: string; readonly bytes: number },
  format: DatasetFormat,
  examples: number,
): TrainingOrder {
  return {
    job: 'a job',
    dataset: { ...blob, format, examples, manifest: 'e'.repeat(64) },
    hyperparameters: {},
    known: { file: null, reference: null },
  };
}

export async function train(
  vault: Vault,
  order: TrainingOrder,
  signal: AbortSignal = new AbortController().signal,
): Promise<TrainingUpdate[]> {
  const updates: TrainingUpdate[] = [];
  for await (const update of createEmbeddedTrainer({ vault }).train(order, signal)) updates.push(update);
  return updates;
}

/** The id of the model that is made from the examples. */
export async function trained(vault: Vault, ...examples: readonly TrainingExample[]): Promise<string> {
  const end = (await train(vault, await orderFor(vault, examples))).at(-1);
  if (end?.kind !== 'succeeded') throw new Error(`the training ended as ${JSON.stringify(end)}`);
  return end.model;
}
