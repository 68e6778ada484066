import type { Kysely } from 'kysely';
import type { Recorded } from '../domain/events.ts';
import { ANY_ORDINAL, type Page } from './page.ts';
import type { Projection } from './projection.ts';
import type { JobRow, ModelRow, PromotionRow, Tables } from './tables.ts';

/** Trained models, and which one answers in each scope. Stands after the jobs, whose rows it reads. */
export const modelsProjection: Projection = {
  name: 'models',
  version: 2,
  prepare(statements) {
    const insertModel = statements.insert('models');
    const insertMaking = statements.insert('makings');
    const insertPromotion = statements.insert('promotions');
    const makeAgain = statements.change<Pick<ModelRow, 'scope' | 'id' | 'last_ordinal' | 'last_channel'>>(
      (query, { scope, id, last_ordinal, last_channel }) =>
        query
          .updateTable('models')
          .set({ last_ordinal, last_channel })
          .where('scope', '=', scope)
          .where('id', '=', id),
    );
    const findJobOf = statements.find<Pick<JobRow, 'scope' | 'id' | 'model'>, Pick<JobRow, 'id'>>(
      (query, { scope, id, model }) =>
        query
          .selectFrom('jobs')
          .select('id')
          .where('scope', '=', scope)
          .where('id', '=', id)
          .where('model', '=', model),
    );

    function train(event: Recorded<'TrainingSucceeded'>, ordinal: number): void {
      const { scope, channel } = event.metadata;
      const { model: id, job } = event.data;
      // A job that had already ended another way did not give a model.
      if (findJobOf({ scope, id: job, model: id }) === undefined) return;
      insertMaking({ ordinal, kind: 'model', scope, channel, id });
      if (insertModel(modelRow(event, ordinal)) === 1) return;
      makeAgain({ scope, id, last_ordinal: ordinal, last_channel: channel });
    }

    return {
      take(event, ordinal) {
        switch (event.type) {
          case 'TrainingSucceeded':
            train(event, ordinal);
            break;
          case 'ModelPromoted':
            insertPromotion({ ...promotionRow(event, ordinal), change: 'promoted' });
            break;
          case 'ModelRolledBack':
            insertPromotion({ ...promotionRow(event, ordinal), change: 'rolled_back' });
            break;
        }
      },
    };
  },
};

function modelRow({ id: event, data, metadata }: Recorded<'TrainingSucceeded'>, ordinal: number): ModelRow {
  const { model: id, job, dataset } = data;
  const { scope, channel, time } = metadata;
  return {
    scope,
    id,
    ordinal,
    event,
    channel,
    time,
    job,
    dataset,
    artifact: data.artifact?.sha256 ?? null,
    last_ordinal: ordinal,
    last_channel: channel,
  };
}

function promotionRow(
  { id: event, data, metadata }: Recorded<'ModelPromoted'> | Recorded<'ModelRolledBack'>,
  ordinal: number,
): Omit<PromotionRow, 'change'> {
  const { scope, actor, time } = metadata;
  const { model, dataset, previous, reason } = data;
  const evaluation = 'evaluation' in data ? data.evaluation : null;
  return { ordinal, event, scope, actor, time, model, dataset, previous, reason, evaluation };
}

export async function findModel(
  db: Kysely<Tables>,
  scope: string,
  id: string,
): Promise<ModelRow | undefined> {
  return db
    .selectFrom('models')
    .selectAll()
    .where('scope', '=', scope)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What was trained last comes first. @param page `before` is a `last_ordinal` */
export async function listModels(
  db: Kysely<Tables>,
  scope: string,
  { before, limit }: Page,
): Promise<ModelRow[]> {
  return db
    .selectFrom('models')
    .selectAll()
    .where('scope', '=', scope)
    .where('last_ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('last_ordinal', 'desc')
    .limit(limit)
    .execute();
}

/** The change that made the active model the active one; none where none was ever promoted. */
export async function activePromotion(db: Kysely<Tables>, scope: string): Promise<PromotionRow | undefined> {
  return db
    .selectFrom('promotions')
    .selectAll()
    .where('scope', '=', scope)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Each time that a model became the active one, promoted or rolled back to, the newest first. */
export async function promotionsOf(
  db: Kysely<Tables>,
  scope: string,
  model: string,
): Promise<PromotionRow[]> {
  return db
    .selectFrom('promotions')
    .selectAll()
    .where('scope', '=', scope)
    .where('model', '=', model)
    .orderBy('ordinal', 'desc')
    .execute();
}

/** The model that was trained last. @param before an ordinal, exclusive; null: until now */
export async function newestModel(
  db: Kysely<Tables>,
  scope: string,
  before: number | null,
): Promise<ModelRow | undefined> {
  const making = await db
    .selectFrom('makings')
    .select('id')
    .where('scope', '=', scope)
    .where('kind', '=', 'model')
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return making === undefined ? undefined : findModel(db, scope, making.id);
}
