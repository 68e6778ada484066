import { join } from 'node:path';
import {
  createOpenAiTrainer,
  type OpenAiTrainerOptions,
} from '../../../../src/adapters/models/openai/trainer.ts';
import { datasetLine, type TrainingExample } from '../../../../src/domain/examples.ts';
import type { StopReason, TrainingOrder, TrainingUpdate, Vault } from '../../../../src/domain/ports.ts';
import { manifestHeader, manifestLine } from '../../../../src/domain/replay.ts';
import type { StandInOpenAI } from '../../../stand-ins/openai/stand-in-openai.ts';
import { sft, temporaryVault } from '../embedded/teaching.ts';
import { endpointOf } from './endpoints.ts';
import { FakeTime } from './fake-time.ts';

export const JOB = '6f9619ff-8b86-5011-b42d-00cf4fc964ff';
export const HOUR = 60 * 60_000;

export const doors = (count: number): TrainingExample[] =>
  Array.from({ length: count }, (_, n) => sft(`What is the code of door ${n}?`, `It is ${n * 7}.`));

/** An order to train on these examples, of which some lines are held out. */
export async function orderOn(
  vault: Vault,
  examples: readonly TrainingExample[],
  { heldOut = [], ...more }: Partial<TrainingOrder> & { readonly heldOut?: readonly number[] } = {},
): Promise<TrainingOrder> {
  const format = examples[0]?.format ?? 'sft';
  const file = await vault.put(examples.map((example) => Buffer.from(datasetLine(example))));
  const policy = { permittedOrigins: [], consentRequired: [], maxExampleBytes: 1_000_000 };
  const header = manifestHeader({ format, since: null, policy }, null);
  const lines = examples.map((example, index) =>
    manifestLine({
      kind: 'example',
      line: index + 1,
      text: datasetLine(example),
      provenance: {
        answer: `answer-${index}`,
        correction: null,
        conversation: '"split":"validation"',
        members: ['ada'],
        origins: ['console'],
        events: [],
        split: heldOut.includes(index + 1) ? 'validation' : 'train',
      },
    }),
  );
  const manifest = await vault.put([Buffer.from(header + lines.join(''))]);
  return {
    job: JOB,
    dataset: { ...file, format, examples: examples.length, manifest: manifest.sha256 },
    hyperparameters: {},
    known: { file: null, reference: null },
    ...more,
  };
}

export interface Training {
  readonly trainer: ReturnType<typeof createOpenAiTrainer>;
  readonly vault: Vault;
  readonly time: FakeTime;
  /** Where files wait to be uploaded. */
  readonly staging: string;
  /** What the operator was told. */
  readonly warnings: string[];
}

export async function trainingOn(
  openai: Pick<StandInOpenAI, 'url' | 'key'>,
  {
    endpoint,
    ...options
  }: Partial<Omit<OpenAiTrainerOptions, 'endpoint'>> & { readonly endpoint?: object } = {},
): Promise<Training> {
  const { vault, directory } = await temporaryVault();
  const time = new FakeTime();
  const staging = join(directory, '..', 'staged');
  const warnings: string[] = [];
  const note = (what: string, facts: object = {}) => void warnings.push(`${what} ${JSON.stringify(facts)}`);
  const trainer = createOpenAiTrainer({
    name: 'openai',
    endpoint: endpointOf(openai, endpoint),
    vault,
    directory: staging,
    model: 'gpt-4o-mini',
    baseModel: 'gpt-4o-mini-2024-07-18',
    suffix: null,
    exampleTokens: 65_536,
    pollMs: 30_000,
    patienceMs: 24 * HOUR,
    prices: {},
    currency: 'USD',
    log: { info: note, warn: note, error: (what, error, facts) => note(`${what} ${error}`, facts) },
    time,
    ...options,
  });
  return { trainer, vault, time, staging, warnings };
}

/** All that is told of a job, as the process manager would hear it. */
export async function updatesOf(
  { trainer }: Pick<Training, 'trainer'>,
  order: TrainingOrder,
  signal: AbortSignal = new AbortController().signal,
): Promise<TrainingUpdate[]> {
  const updates: TrainingUpdate[] = [];
  for await (const update of trainer.train(order, signal)) updates.push(update);
  return updates;
}

/** How it ended, in one line. */
export async function endOf(training: Pick<Training, 'trainer'>, order: TrainingOrder): Promise<string> {
  const end = (await updatesOf(training, order)).at(-1);
  if (end?.kind === 'succeeded') return end.model;
  return end?.kind === 'failed' ? end.reason : `not ended, but ${end?.kind}`;
}

/** Stops the job once an update of this kind came. */
export async function stopAt(
  { trainer }: Pick<Training, 'trainer'>,
  order: TrainingOrder,
  kind: TrainingUpdate['kind'],
  reason: StopReason,
): Promise<TrainingUpdate[]> {
  const abort = new AbortController();
  const updates: TrainingUpdate[] = [];
  for await (const update of trainer.train(order, abort.signal)) {
    updates.push(update);
    if (update.kind === kind) abort.abort(reason);
  }
  return updates;
}
