import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { defineCommand } from '../command.ts';
import { compareDatasets, type Difference } from '../dataset-comparison.ts';
import { sourceData } from '../dataset-sources.ts';
import { knownDataset } from '../known-dataset.ts';
import { count, countUpTo, named, positional, reference, Word } from '../options.ts';
import { counted } from '../words.ts';

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
    const heading = `From dataset ${shorten(from.id)} to ${shorten(to.id)}: ${added.count} added, ${removed.count} gone, ${common} the same.`;
    return {
      text: [heading, ...shown('+', added), ...shown('-', removed)].join('\n'),
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

function differenceData({ line, words, why, source }: Difference) {
  return { line, words, why, source: sourceData(source) };
}

function shown(
  sign: string,
  { count, shown: differences }: { count: number; shown: readonly Difference[] },
): string[] {
  const lines = differences.map(({ words, why }) => `${sign} ${words} (${why})`);
  const more = count - differences.length;
  return more === 0 ? lines : [...lines, `${sign} … and ${counted(more, 'more', 'more')}`];
}
