import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { Refusal } from '../../domain/refusal.ts';
import { findDataset } from '../../projections/datasets.ts';
import type { DatasetRow } from '../../projections/tables.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { compareDatasets, type Difference } from '../dataset-comparison.ts';
import { countUpTo, named, positional, Word } from '../options.ts';
import { counted } from '../words.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: 'shows what changed from one dataset to another, and why',
  example: 'diff 1a2b3c4d last',
  right: 'everyone',
  options: z.object({
    from: positional(Word, 'the earlier dataset, by its id or last'),
    to: positional(Word, 'the later dataset, by its id or last'),
    limit: named(countUpTo(100).default(20), 'how many differences of each kind are shown'),
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
        added: { count: added.count, examples: added.shown.map((entry) => ({ ...entry })) },
        removed: { count: removed.count, examples: removed.shown.map((entry) => ({ ...entry })) },
      },
    };
  },
});

async function knownDataset(
  { services, cause, resolve }: CommandContext,
  reference: string,
): Promise<DatasetRow> {
  const row = await findDataset(services.readModels.db, cause.scope, await resolve('dataset', reference));
  if (row === undefined)
    throw new Refusal(`The dataset ${reference} is not known here; !datasets lists them.`);
  return row;
}

function shown(
  sign: string,
  { count, shown: differences }: { count: number; shown: readonly Difference[] },
): string[] {
  const lines = differences.map(({ words, why }) => `${sign} ${words} (${why})`);
  const more = count - differences.length;
  return more === 0 ? lines : [...lines, `${sign} … and ${counted(more, 'more', 'more')}`];
}
