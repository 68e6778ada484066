import { z } from 'zod';
import type { SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { type Sources, selectDataset, selectedData, skippedLines } from '../dataset-selection.ts';
import { knownDataset } from '../known-dataset.ts';
import { named, positional, reference, Word, YesOrNo, yesOrNo } from '../options.ts';
import { trainingChoices, trainingOptions } from '../training-options.ts';
import { checkTrainable, requestTraining } from '../training-request.ts';

const options = z.object({
  dataset: positional(Word.optional(), reference('dataset')),
  data: named(Word.optional()),
  data_dir: named(Word.optional()),
  attachment: named(Word.optional()),
  positive: named(YesOrNo.default(true), yesOrNo),
  skip_invalid: named(YesOrNo.default(false), yesOrNo),
  ...trainingOptions,
});
type Options = z.infer<typeof options>;

export const train = defineCommand({
  name: 'train',
  right: 'trainer',
  begins: ['DatasetSelected', 'TrainingRequested'],
  takesFile: true,
  options,
  run: async (context, options) => {
    const given = withPathAsAttachment(options);
    const { incoming } = context;
    const choices = trainingChoices(options);
    const named = sourceNames.filter((source) => given[source] !== undefined);
    if (named.length + incoming.attachments.length !== 1) {
      throw new Refusal(({ datasets }) => datasets.sayWhat);
    }
    if (given.dataset !== undefined) {
      if (!given.positive || given.skip_invalid) {
        throw new Refusal(({ datasets }) => datasets.staysAsTakenIn);
      }
      const row = await knownDataset(context, given.dataset);
      await checkTrainable(context, row, choices);
      return requestTraining(context, { ...row, dataset: row.id }, choices);
    }
    const taken = { positive: given.positive, skipInvalid: given.skip_invalid };
    const intake = await selectDataset(
      context,
      () => findSources(context, given),
      taken,
      (selected) => checkTrainable(context, selected, choices),
    );
    const { text, data, actions = [] } = await requestTraining(context, intake.selected, choices);
    return {
      text: [text, ...skippedLines(intake, context.words)].join('\n'),
      data: { ...selectedData(intake), ...data },
      actions,
    };
  },
});

const sourceNames = ['dataset', 'data', 'data_dir', 'attachment'] as const;

/** What stands first is a dataset's id, or else the path of a file. */
function withPathAsAttachment(given: Options): Options {
  const { dataset, attachment } = given;
  if (dataset === undefined || attachment !== undefined || /^(last|[0-9a-f]+)$/.test(dataset)) return given;
  return { ...given, dataset: undefined, attachment: dataset };
}

async function findSources({ services, cause, incoming }: CommandContext, given: Options): Promise<Sources> {
  const { workspace } = services;
  if (given.data !== undefined) return { files: [inline(given.data)], origin: cause.origin };
  if (given.data_dir !== undefined)
    return { files: await workspace.directory(cause.scope, given.data_dir), origin: 'file' };
  if (given.attachment !== undefined)
    return { files: [await workspace.file(cause.scope, given.attachment)], origin: 'file' };
  return { files: incoming.attachments, origin: 'upload' };
}

function inline(text: string): SourceFile {
  const content = Buffer.from(text);
  return {
    path: 'data',
    bytes: content.length,
    read: async function* () {
      yield content;
    },
  };
}
