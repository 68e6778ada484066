import type { PromptMessage } from '../domain/events.ts';
import { judgements, parseDatasetLine } from '../domain/examples.ts';
import { splitOf } from '../domain/held-out.ts';
import type { Vault } from '../domain/ports.ts';
import type { DatasetRow } from '../projections/tables.ts';
import { datasetLines, manifestEntries } from './dataset-content.ts';

/** A question that a model was not trained on, and what it should answer. */
export interface HeldOutExample {
  readonly messages: readonly PromptMessage[];
  readonly expected: string;
}

/**
 * The examples of a dataset that trainers hold out, as far as they say what a good answer is. None where that would
 * leave nothing to train on: then all of it was trained on.
 */
export async function heldOutExamples(
  vault: Vault,
  dataset: Pick<DatasetRow, 'id' | 'format' | 'manifest'>,
): Promise<readonly HeldOutExample[]> {
  const placed = await placesIn(vault, dataset.manifest);
  const heldOut: HeldOutExample[] = [];
  let trained = 0;
  for await (const { line, text } of datasetLines(vault, dataset.id)) {
    const { split, answer } = placed.get(line) ?? { split: splitOf(text), answer: null };
    if (split === 'train') trained += 1;
    else heldOut.push(...questionsIn(parseDatasetLine(dataset.format, text), answer));
  }
  return trained === 0 ? [] : heldOut;
}

interface Place {
  readonly split: 'train' | 'validation';
  /** Whose question it is. */
  readonly answer: string;
}

/** Where each line of a built dataset comes from; nothing of one that was taken from files. */
async function placesIn(vault: Vault, manifest: string): Promise<ReadonlyMap<number, Place>> {
  const places = new Map<number, Place>();
  for await (const entry of manifestEntries(vault, manifest)) {
    if (entry.kind === 'example') places.set(entry.line, { split: entry.split, answer: entry.answer });
  }
  return places;
}

function questionsIn(
  example: ReturnType<typeof parseDatasetLine>,
  answer: string | null,
): readonly HeldOutExample[] {
  return judgements(example).flatMap(({ prompt, completion: [{ content: expected }], label }) => {
    if (!label || prompt.at(-1)?.role !== 'user') return [];
    return [{ messages: prompt.map((message) => ({ ...message, answer, correction: null })), expected }];
  });
}
