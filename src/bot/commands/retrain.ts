import { z } from 'zod';
import { complaint } from '../../domain/complaint.ts';
import type { EventData } from '../../domain/events.ts';
import { DatasetFormat } from '../../domain/examples.ts';
import type { Words } from '../../domain/languages/languages.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { JsonObject } from '../../domain/surface.ts';
import { policyOf } from '../../projections/members.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { type BuildSummary, examplesOf, replayLedger, storeDataset, summarise } from '../dataset-build.ts';
import { listRest, recordBuild } from '../dataset-record.ts';
import { leftOutLines } from '../left-out.ts';
import { choice, named, oneOf, YesOrNo, yesOrNo } from '../options.ts';
import type { TrainingChoices } from '../training-choices.ts';
import { trainingChoices, trainingOptions } from '../training-options.ts';
import { checkTrainable, requestTraining } from '../training-request.ts';

const Time = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** A day begins at midnight UTC, wherever the machine stands. */
const Since = z
  .string()
  .refine(
    (text) => Time.safeParse(text).success,
    complaint((words) => words.complaints.notTime),
  )
  .transform((text) => new Date(text).toISOString());

const options = z.object({
  format: named(oneOf(DatasetFormat.options).default('sft'), choice(DatasetFormat.options)),
  since: named(Since.optional()),
  dry_run: named(YesOrNo.default(false), yesOrNo),
  ...trainingOptions,
});

export const retrain = defineCommand({
  name: 'retrain',
  right: 'trainer',
  begins: ['DatasetBuilt'],
  options,
  run: async (context, { format, since, dry_run, ...given }) => {
    const { services, cause, prior } = context;
    const choices = trainingChoices(given);
    if (prior?.type === 'DatasetBuilt') {
      const replay = await replayLedger(services.ledger, { ...prior.data, scope: cause.scope });
      await listRest(context, prior.data.dataset, await examplesOf(replay));
      return trainOn(context, prior.data, await summarise(replay), choices);
    }
    await checkTrainable(context, { format }, choices);
    const policy = await policyOf(services.readModels.db, cause.scope);
    const request = { scope: cause.scope, through: null, format, since: since ?? null, policy };
    const replay = await replayLedger(services.ledger, request);
    const summary = await summarise(replay);
    if (dry_run)
      return {
        text: describeDryRun(format, summary, context.words, services.settings.prefix),
        data: { format, since: since ?? null, ...summaryData(summary) },
      };
    if (summary.examples === 0) throw nothingToTrainOn(format, summary, services.settings.prefix);
    const { built, examples } = await storeDataset(services.vault, replay, request);
    await recordBuild(context, built, examples);
    return trainOn(context, built, summary, choices);
  },
});

async function trainOn(
  context: CommandContext,
  built: EventData<'DatasetBuilt'>,
  { members }: BuildSummary,
  choices: TrainingChoices,
) {
  const { text, data, actions = [] } = await requestTraining(context, built, choices);
  const { leftOut, through } = built;
  return {
    text: [text, ...leftOutLines(leftOut, context.words, context.services.settings.prefix)].join('\n'),
    data: {
      ...data,
      through,
      leftOut: leftOut.map((entry) => ({ ...entry })),
      members: members.map((entry) => ({ ...entry })),
    },
    actions,
  };
}

function describeDryRun(
  format: string,
  { examples, members, leftOut }: BuildSummary,
  words: Words,
  prefix: string,
): string {
  return [
    words.datasets.dryRun({ format, examples }),
    ...members.map(words.datasets.fromMember),
    ...leftOutLines(leftOut, words, prefix),
  ].join('\n');
}

function summaryData({ examples, members, leftOut }: BuildSummary): JsonObject {
  return {
    examples,
    members: members.map((entry) => ({ ...entry })),
    leftOut: leftOut.map((entry) => ({ ...entry })),
  };
}

function nothingToTrainOn(format: string, { leftOut }: BuildSummary, prefix: string): Refusal {
  return new Refusal((words) =>
    words.datasets.nothingToTrainOn({ format, leftOut: leftOutLines(leftOut, words, prefix) }),
  );
}
