import { z } from 'zod';
import { LeftOutReason } from '../domain/events.ts';
import {
  type DatasetFormat,
  judgements,
  parseDatasetLine,
  type TrainingExample,
} from '../domain/examples.ts';
import type { Words } from '../domain/languages/languages.ts';
import type { Vault } from '../domain/ports.ts';
import type { DatasetRow } from '../projections/tables.ts';
import { decodeLines } from './stored-lines.ts';
import { excerpt } from './words.ts';

export interface DatasetLine {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The lines of a dataset in order. @throws Refusal where the store has lost or damaged them */
export async function* datasetLines(vault: Vault, dataset: string): AsyncGenerator<DatasetLine> {
  let line = 0;
  for await (const text of decodeLines(vault.read(dataset))) yield { line: ++line, text };
}

/** @param after the line after which to begin, 0 for the first */
export async function examplesAfter(
  vault: Vault,
  { id, format }: Pick<DatasetRow, 'id' | 'format'>,
  after: number,
  limit: number,
): Promise<readonly { readonly line: number; readonly example: TrainingExample }[]> {
  const examples: { line: number; example: TrainingExample }[] = [];
  for await (const { line, text } of datasetLines(vault, id)) {
    if (line > after) examples.push({ line, example: parseDatasetLine(format, text) });
    if (examples.length === limit) break;
  }
  return examples;
}

/** An example on one line: the question and what is said of its answers. */
export function describeExample(example: TrainingExample, words: Words): string {
  const said = judgements(example).map(({ completion: [{ content }], label }) =>
    words.datasets[label ? 'wanted' : 'unwanted'](excerpt(content, 60)),
  );
  const question = judgements(example)[0]?.prompt.at(-1)?.content ?? '';
  return `${excerpt(question, 60)} ${said.join(', ')}`;
}

export function describeLine(format: DatasetFormat, text: string, words: Words): string {
  return describeExample(parseDatasetLine(format, text), words);
}

const ManifestEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dataset') }),
  z.object({ kind: z.literal('selection') }),
  z.object({
    kind: z.literal('example'),
    line: z.int(),
    answer: z.string(),
    correction: z.string().nullable(),
    members: z.array(z.string()),
    split: z.enum(['train', 'validation']),
  }),
  z.object({
    kind: z.literal('left_out'),
    reason: LeftOutReason,
    answer: z.string(),
    correction: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('lines'),
    line: z.int(),
    path: z.string(),
    sourceLine: z.int(),
    count: z.int(),
  }),
  z.object({ kind: z.literal('skipped'), path: z.string(), line: z.int(), reason: z.string() }),
]);
export type ManifestEntry = z.infer<typeof ManifestEntry>;

/** What stands beside a dataset: where each of its lines comes from, and what was left out. */
export async function* manifestEntries(vault: Vault, manifest: string): AsyncGenerator<ManifestEntry> {
  for await (const line of decodeLines(vault.read(manifest))) yield ManifestEntry.parse(JSON.parse(line));
}
