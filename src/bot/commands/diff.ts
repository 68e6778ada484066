import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { languages, type Words } from '../../domain/languages/languages.ts';
import { defineCommand } from '../command.ts';
import { compareDatasets, type Difference } from '../dataset-comparison.ts';
import { sourceData } from '../dataset-sources.ts';
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
    const { common, added, removed } = await compareDatasets(context.services.vault, from, to, options.limit);
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

/** For programs: its words are English, whoever asks. */
function differenceData({ line, example, why, source }: Difference) {
  return { line, words: example(languages.en), why: why(languages.en), source: sourceData(source) };
}

function shown(
  sign: string,
  { count, shown: differences }: { count: number; shown: readonly Difference[] },
  words: Words,
): string[] {
  const { difference, moreDifferences } = words.datasets;
  const lines = differences.map(({ example, why }) =>
    difference({ sign, example: example(words), why: why(words) }),
  );
  const more = count - differences.length;
  return more === 0 ? lines : [...lines, moreDifferences({ sign, count: more })];
}
