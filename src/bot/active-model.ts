import type { TrainedModel } from '../domain/model.ts';
import { activePromotion } from '../projections/models.ts';
import type { Services } from './services.ts';

/** What answers in a scope: the model promoted last, or the base model. */
export async function activeModel(
  { readModels, trainer }: Pick<Services, 'readModels' | 'trainer'>,
  scope: string,
): Promise<TrainedModel> {
  const promotion = await activePromotion(readModels.db, scope);
  return promotion === undefined
    ? baseModel(trainer)
    : { model: promotion.model, dataset: promotion.dataset };
}

export function baseModel(trainer: Services['trainer']): TrainedModel {
  return { model: trainer.baseModel, dataset: null };
}
