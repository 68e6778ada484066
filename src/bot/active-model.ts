import type { TrainedModel } from '../domain/model.ts';
import type { Trainer } from '../domain/ports.ts';
import { activePromotion } from '../projections/models.ts';
import { trainerOf } from './model-providers.ts';
import type { Services } from './services.ts';

/** What answers in a scope: the model promoted last, or the base model of the trainer that the scope has chosen. */
export async function activeModel(
  services: Pick<Services, 'readModels' | 'providers'>,
  scope: string,
): Promise<TrainedModel> {
  const promotion = await activePromotion(services.readModels.db, scope);
  return promotion === undefined || promotion.dataset === null
    ? baseModel(await trainerOf(services, scope))
    : { model: promotion.model, dataset: promotion.dataset };
}

export function baseModel(trainer: Trainer): TrainedModel {
  return { model: trainer.baseModel, dataset: null };
}
