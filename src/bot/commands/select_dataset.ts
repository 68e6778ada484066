import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { defineCommand } from '../command.ts';
import { selectDataset, selectedData, skippedLines } from '../dataset-selection.ts';
import { named, positional, Word, YesOrNo } from '../options.ts';
import { counted } from '../words.ts';

export const selectDatasetCommand = defineCommand({
  name: 'select_dataset',
  summary: 'takes a file or a directory of training data into the store',
  example: 'select_dataset datasets/faq.jsonl',
  right: 'trainer',
  begins: ['DatasetSelected'],
  options: z.object({
    path: positional(Word, 'a file or directory in datasets, archives or exports'),
    positive: positional(YesOrNo.default(true), 'false marks the answers as undesirable (for dpo and kto)'),
    skip_invalid: named(YesOrNo.default(false), 'true takes the good lines and lists the bad ones'),
  }),
  run: async (context, options) => {
    const { services, cause } = context;
    const intake = await selectDataset(
      context,
      async () => ({ files: await services.workspace.sources(cause.scope, options.path), origin: 'file' }),
      { positive: options.positive, skipInvalid: options.skip_invalid },
    );
    const { dataset, examples, format } = intake.selected;
    const { prefix } = services.settings;
    return {
      text: [
        `Dataset ${shorten(dataset)} holds ${counted(examples, 'example')} (${format}, SHA-256 ${dataset}). ${prefix}train dataset=${shorten(dataset)} trains on it.`,
        ...skippedLines(intake),
      ].join('\n'),
      data: selectedData(intake),
    };
  },
});
