import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { languages, type Words } from '../../domain/languages/languages.ts';
import type { DatasetRow } from '../../projections/tables.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { type Comparison, compareDatasets, type Difference } from '../dataset-comparison.ts';
import { mayShowExample, sourceData } from '../dataset-sources.ts';
import { knownDataset } from '../known-dataset.ts';
import { count, countUpTo, named, positional, reference, Word } from '../options.ts';

export const diff = defineCommand({
  name: 'diff',
  right: 'everyone',
  options: z.object({
    from: positional(Word, reference('dataset')),
    to: positional(Word, reference('dataset')),
    limit: named(countUpTo(100).default(20), count(100)),
  }),
  run: async (context, options) => {
    const from = await knownDataset(context, options.from);
    const to = await knownDataset(context, options.to);
    const compared = await compareDatasets(context.services.vault, from, to, options.limit);
    const { common } = compared;
    const added = await told(context, to, compared.added);
    const removed = await told(context, from, compared.removed);
    const { words } = context;
    const heading = words.datasets.compared({
      from: shorten(from.id),
      to: shorten(to.id),
      added: added.count,
      removed: removed.count,
      common,
    });
    return {
      text: [heading, ...shown('+', added, words), ...shown('-', removed, words)].join('\n'),
      data: {
        from: from.id,
        to: to.id,
        common,
        added: { count: added.count, examples: added.shown.map(differenceData) },
        removed: { count: removed.count, examples: removed.shown.map(differenceData) },
      },
    };
  },
});

type Differences = Comparison['added'];

/** Without what was written, where that is not for those who see it. */
async function told(
  context: CommandContext,
  dataset: DatasetRow,
  differences: Differences,
): Promise<Differences> {
  const shown = differences.shown.map(async (difference) =>
    (await mayShowExample(context, dataset, difference.source))
      ? difference
      : { ...difference, example: (words: Words) => words.history.elsewhere },
  );
  return { ...differences, shown: await Promise.all(shown) };
}

/** For programs: its words are English, whoever asks. */
function differenceData({ line, example, why, source }: Difference) {
  return { line, words: example(languages.en), why: why(languages.en), source: sourceData(source) };
}

function shown(sign: string, { count, shown: differences }: Differences, words: Words): string[] {
  const { difference, moreDifferences } = words.datasets;
  const lines = differences.map(({ example, why }) =>
    difference({ sign, example: example(words), why: why(words) }),
  );
  const more = count - differences.length;
  return more === 0 ? lines : [...lines, moreDifferences({ sign, count: more })];
}
