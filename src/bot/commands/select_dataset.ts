import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { defineCommand } from '../command.ts';
import { selectDataset, selectedData, skippedLines } from '../dataset-selection.ts';
import { named, positional, Word, YesOrNo, yesOrNo } from '../options.ts';

export const selectDatasetCommand = defineCommand({
  name: 'select_dataset',
  right: 'trainer',
  begins: ['DatasetSelected'],
  options: z.object({
    path: positional(Word),
    positive: positional(YesOrNo.default(true), yesOrNo),
    skip_invalid: named(YesOrNo.default(false), yesOrNo),
  }),
  run: async (context, options) => {
    const { services, cause, words } = context;
    const intake = await selectDataset(
      context,
      async () => ({ files: await services.workspace.sources(cause.scope, options.path), origin: 'file' }),
      { positive: options.positive, skipInvalid: options.skip_invalid },
    );
    const { dataset, examples, format } = intake.selected;
    const { prefix } = services.settings;
    return {
      text: [
        words.datasets.taken({ dataset: shorten(dataset), examples, format, sha256: dataset, prefix }),
        ...skippedLines(intake, words),
      ].join('\n'),
      data: selectedData(intake),
    };
  },
});
