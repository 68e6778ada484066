import { HeldOutComparison } from '../domain/events.ts';
import { deriveId } from '../domain/identifiers.ts';
import type { TrainedModel } from '../domain/model.ts';
import { Refusal } from '../domain/refusal.ts';
import { answersOfEvaluation, findEvaluation } from '../projections/answers.ts';
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
  return trained({ services, cause }, prior.data.model);
}

/** Where an evaluation was begun before, the model that the candidate was compared with: it need not be active any more. */
export async function modelComparedBefore(
  { services, cause }: Pick<CommandContext, 'services' | 'cause'>,
  candidate: TrainedModel,
): Promise<TrainedModel | null> {
  const { db } = services.readModels;
  const evaluation = deriveId(cause.commandId, 'evaluation');
  const heldOut = (await findEvaluation(db, cause.scope, evaluation))?.held_out ?? null;
  if (heldOut !== null) {
    const { active } = HeldOutComparison.parse(JSON.parse(heldOut));
    return trained({ services, cause }, active.model);
  }
  const asked = await answersOfEvaluation(db, cause.scope, evaluation);
  const rival = asked.find(({ model }) => model !== candidate.model)?.model;
  return rival === undefined ? null : trained({ services, cause }, rival);
}

async function trained(
  { services, cause }: Pick<CommandContext, 'services' | 'cause'>,
  model: string,
): Promise<TrainedModel> {
  const row = await findModel(services.readModels.db, cause.scope, model);
  return { model, dataset: row?.dataset ?? null };
}
