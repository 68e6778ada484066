import type { TrainedModel } from '../domain/model.ts';
import { Refusal } from '../domain/refusal.ts';
import { findModel, newestModel } from '../projections/models.ts';
import { baseModel } from './active-model.ts';
import type { CommandContext } from './command.ts';
import { trainerOf } from './model-providers.ts';

/** The model that a reference stands for, the newest one trained where none is given. @throws Refusal */
export async function namedModel(
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

/** Where the command was begun before by asking a model, the one that it asked first. */
export async function modelAskedFirst({
  services,
  cause,
  prior,
}: CommandContext): Promise<TrainedModel | null> {
  if (prior?.type !== 'PredictionMade' && prior?.type !== 'PredictionFailed') return null;
  const { model } = prior.data;
  const row = await findModel(services.readModels.db, cause.scope, model);
  return { model, dataset: row?.dataset ?? null };
}
