import type { LeftOutReason } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import type { Words } from '../domain/languages/languages.ts';
import type { Vault } from '../domain/ports.ts';
import type { InWords } from '../domain/refusal.ts';
import type { DatasetRow } from '../projections/tables.ts';
import { datasetLines, describeLine, manifestEntries } from './dataset-content.ts';
import { type LineSource, sourcesOf } from './dataset-sources.ts';

export interface Difference {
  /** In the dataset that has it. */
  readonly line: number;
  readonly example: InWords;
  /** Why the other dataset does not have it. */
  readonly why: InWords;
  readonly source: LineSource | undefined;
}

export interface Comparison {
  readonly common: number;
  readonly added: { readonly count: number; readonly shown: readonly Difference[] };
  readonly removed: { readonly count: number; readonly shown: readonly Difference[] };
}

/** What stands in one dataset and not in the other, example by example. */
export async function compareDatasets(
  vault: Vault,
  from: DatasetRow,
  to: DatasetRow,
  limit: number,
): Promise<Comparison> {
  const fromLines = await countLines(vault, from.id);
  const toLines = await countLines(vault, to.id);
  return {
    common: [...fromLines].reduce((sum, [text, count]) => sum + Math.min(count, toLines.get(text) ?? 0), 0),
    added: await onlyIn(vault, to, from, fromLines, limit),
    removed: await onlyIn(vault, from, to, toLines, limit),
  };
}

async function countLines(vault: Vault, dataset: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { text } of datasetLines(vault, dataset)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

async function onlyIn(
  vault: Vault,
  dataset: DatasetRow,
  other: DatasetRow,
  otherLines: ReadonlyMap<string, number>,
  limit: number,
): Promise<Comparison['added']> {
  const left = new Map(otherLines);
  const found: { line: number; text: string }[] = [];
  let count = 0;
  for await (const { line, text } of datasetLines(vault, dataset.id)) {
    const there = left.get(text) ?? 0;
    if (there > 0) {
      left.set(text, there - 1);
      continue;
    }
    count++;
    if (found.length < limit) found.push({ line, text });
  }
  const sources = await sourcesOf(
    vault,
    dataset,
    found.map(({ line }) => line),
  );
  const absence = await Absence.from(vault, other);
  const shown = found.map(({ line, text }) => ({
    line,
    example: (words: Words) => describeLine(dataset.format, text, words),
    why: absence.explain(sources.get(line)),
    source: sources.get(line),
  }));
  return { count, shown };
}

/** Why an example is not in a dataset, as far as its manifest knows. */
class Absence {
  readonly #dataset: DatasetRow;
  readonly #leftOut = new Map<string, LeftOutReason>();
  readonly #correctionOf = new Map<string, string | null>();

  private constructor(dataset: DatasetRow) {
    this.#dataset = dataset;
  }

  static async from(vault: Vault, dataset: DatasetRow): Promise<Absence> {
    const absence = new Absence(dataset);
    for await (const entry of manifestEntries(vault, dataset.manifest)) {
      if (entry.kind === 'left_out') absence.#leftOut.set(entry.correction ?? entry.answer, entry.reason);
      if (entry.kind === 'example') absence.#correctionOf.set(entry.answer, entry.correction);
    }
    return absence;
  }

  explain(source: LineSource | undefined): InWords {
    const dataset = shorten(this.#dataset.id);
    if (source === undefined || source.kind === 'file' || this.#dataset.made === 'selected') {
      return ({ datasets }) => datasets.absent.notAmongSources(dataset);
    }
    const reason = this.#leftOut.get(source.correction ?? source.answer);
    if (reason !== undefined) {
      return ({ datasets, leftOut }) => datasets.absent.leftOut({ dataset, reason: leftOut.reasons[reason] });
    }
    const counted = this.#correctionOf.get(source.answer);
    if (counted !== undefined && counted !== null && counted !== source.correction) {
      const correction = shorten(counted);
      return ({ datasets }) => datasets.absent.otherCounts({ dataset, correction });
    }
    return ({ datasets: { absent } }) =>
      counted === undefined ? absent.notYetGiven(dataset) : absent.otherForm(dataset);
  }
}
