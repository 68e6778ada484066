import { z } from 'zod';
import { shorten } from '../../domain/identifiers.ts';
import { modelDecider, type TrainedModel } from '../../domain/model.ts';
import { Refusal } from '../../domain/refusal.ts';
import { modelStream } from '../../domain/streams.ts';
import { MemberText } from '../../domain/text.ts';
import { findModel, newestModel } from '../../projections/models.ts';
import { baseModel } from '../active-model.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { trainerOf } from '../model-providers.ts';
import { named, positional, reference, Word } from '../options.ts';

export const promote = defineCommand({
  name: 'promote',
  right: 'trainer',
  begins: ['ModelPromoted'],
  options: z.object({
    model: positional(Word.optional(), reference('model')),
    reason: named(MemberText.optional()),
  }),
  run: async (context, { model, reason }) => {
    const { services, cause, handle, prior, words } = context;
    const promoted = prior?.type === 'ModelPromoted' ? prior.data : await modelToPromote(context, model);
    const base = baseModel(await trainerOf(services, cause.scope));
    const command = {
      kind: 'promote',
      model: { model: promoted.model, dataset: promoted.dataset },
      base,
      reason: reason ?? null,
    } as const;
    const { events } = await handle(modelStream(cause.scope), modelDecider, command);
    const previous = events[0]?.data.previous ?? base.model;
    return {
      text: words.models.promoted({ model: shorten(promoted.model), previous: shorten(previous) }),
      data: { model: promoted.model, dataset: promoted.dataset, previous, reason: reason ?? null },
    };
  },
});

async function modelToPromote(
  { services, cause, resolve }: CommandContext,
  reference: string | undefined,
): Promise<TrainedModel> {
  const { readModels } = services;
  const trainer = await trainerOf(services, cause.scope);
  if (reference === trainer.baseModel) return baseModel(trainer);
  const row =
    reference === undefined
      ? await newestModel(readModels.db, cause.scope, null)
      : await findModel(readModels.db, cause.scope, await resolve('model', reference));
  if (row === undefined) throw new Refusal(({ models }) => models.none);
  return { model: row.id, dataset: row.dataset };
}
