import { z } from 'zod';
import type { SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { findDataset } from '../../projections/datasets.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { type Sources, selectDataset, selectedData, skippedLines } from '../dataset-selection.ts';
import { named, positional, Word, YesOrNo } from '../options.ts';
import { checkTrainable, requestTraining } from '../training-request.ts';

const options = z.object({
  dataset: positional(Word.optional(), 'a dataset by its id or last'),
  data: named(Word.optional(), 'the examples themselves, as JSON or JSON Lines'),
  data_dir: named(Word.optional(), 'a directory in datasets, archives or exports'),
  attachment: named(Word.optional(), 'a file in datasets, archives or exports, where no file is attached'),
  positive: named(YesOrNo.default(true), 'false marks the answers as undesirable (for dpo and kto)'),
  skip_invalid: named(YesOrNo.default(false), 'true takes the good lines and lists the bad ones'),
});
type Options = z.infer<typeof options>;

export const train = defineCommand({
  name: 'train',
  summary: 'trains a model on a dataset, on data given here, on a file or on a directory',
  example: 'train data={"prompt":"When do you open?","completion":"At nine."}',
  right: 'trainer',
  begins: ['DatasetSelected', 'TrainingRequested'],
  options,
  run: async (context, given) => {
    const { services, incoming } = context;
    const sources = ['dataset', 'data', 'data_dir', 'attachment'] as const;
    const named = sources.filter((source) => given[source] !== undefined);
    if (named.length + incoming.attachments.length !== 1) {
      throw new Refusal(
        'Say what to train on, and just one thing: dataset=ID, data=…, data_dir=PATH, or a file; see !help train.',
      );
    }
    if (given.dataset !== undefined) {
      return requestTraining(context, await knownDataset(context, given.dataset));
    }
    const choices = { positive: given.positive, skipInvalid: given.skip_invalid };
    const intake = await selectDataset(
      context,
      () => findSources(context, given),
      choices,
      (selected) => checkTrainable(services, selected),
    );
    const { text, data } = await requestTraining(context, intake.selected);
    return { text: [text, ...skippedLines(intake)].join('\n'), data: { ...selectedData(intake), ...data } };
  },
});

async function knownDataset(context: CommandContext, reference: string) {
  const { services, cause } = context;
  const id = await context.resolve('dataset', reference);
  const row = await findDataset(services.readModels.db, cause.scope, id);
  if (row === undefined) throw new Refusal(`The dataset ${id} is not known here; !datasets lists them.`);
  checkTrainable(services, row);
  return { dataset: row.id, format: row.format, examples: row.examples };
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
