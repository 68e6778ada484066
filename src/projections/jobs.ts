import { type Expression, type Kysely, sql } from 'kysely';
import type { Recorded } from '../domain/events.ts';
import { ANY_ORDINAL, type Page } from './page.ts';
import type { Projection } from './projection.ts';
import type { Parameters } from './statements.ts';
import type { JobRow, StoredTables, Tables } from './tables.ts';

type Succeeded = Pick<JobRow, 'model' | 'loss' | 'trained_tokens' | 'cost' | 'ended'>;
type OfJob = Pick<JobRow, 'scope' | 'id'>;

/** Training jobs. What is recorded after a job's end changes nothing any more. */
export const jobsProjection: Projection = {
  name: 'jobs',
  version: 2,
  prepare(statements) {
    const insert = statements.insert('jobs');
    const setFile = statements.change<OfJob & Pick<JobRow, 'file'>>((query, values) =>
      unfinished(query, values).set({ file: values.file }),
    );
    const start = statements.change<OfJob & Pick<JobRow, 'reference'>>((query, values) =>
      unfinished(query, values).set({ state: sql.lit('running'), reference: values.reference }),
    );
    const progress = statements.change<OfJob & Pick<JobRow, 'step' | 'total' | 'loss'>>((query, values) => {
      const { step, total, loss } = values;
      return unfinished(query, values).set({
        state: sql.lit('running'),
        step,
        total,
        loss: orAsBefore(loss),
      });
    });
    const succeed = statements.change<OfJob & Succeeded>((query, values) => {
      const { model, loss, trained_tokens, cost, ended } = values;
      return unfinished(query, values).set({
        state: sql.lit('succeeded'),
        model,
        loss: orAsBefore(loss),
        trained_tokens,
        cost,
        ended,
      });
    });
    const end = statements.change<OfJob & Pick<JobRow, 'state' | 'reason' | 'ended'>>((query, values) => {
      const { state, reason, ended } = values;
      return unfinished(query, values).set({ state, reason, ended });
    });

    return {
      take(event, ordinal) {
        const { scope, time } = event.metadata;
        switch (event.type) {
          case 'TrainingRequested':
            insert(requestedRow(event, ordinal));
            break;
          case 'TrainingFileUploaded':
            setFile({ scope, id: event.data.job, file: event.data.file });
            break;
          case 'TrainingStarted':
            start({ scope, id: event.data.job, reference: event.data.reference });
            break;
          case 'TrainingProgressed': {
            const { job: id, step, total, loss } = event.data;
            progress({ scope, id, step, total, loss });
            break;
          }
          case 'TrainingSucceeded': {
            const { job: id, model, loss, trainedTokens: trained_tokens, cost } = event.data;
            const costs = { trained_tokens, cost: cost === null ? null : JSON.stringify(cost) };
            succeed({ scope, id, model, loss, ...costs, ended: time });
            break;
          }
          case 'TrainingFailed':
            end({ scope, id: event.data.job, state: 'failed', reason: event.data.reason, ended: time });
            break;
          case 'TrainingCancelled':
            end({ scope, id: event.data.job, state: 'cancelled', reason: null, ended: time });
            break;
        }
      },
    };
  },
};

function unfinished(query: Kysely<StoredTables>, { scope, id }: Parameters<OfJob>) {
  return query.updateTable('jobs').where('scope', '=', scope).where('id', '=', id).where('ended', 'is', null);
}

/** A trainer that says nothing of the loss does not take back what was known of it. */
function orAsBefore(loss: Expression<number | null>) {
  return sql<number | null>`coalesce(${loss}, loss)`;
}

function requestedRow({ id: event, data, metadata }: Recorded<'TrainingRequested'>, ordinal: number): JobRow {
  const { job: id, dataset, format, examples, trainer, baseModel, hyperparameters } = data;
  const { scope, channel, actor, time } = metadata;
  return {
    id,
    ordinal,
    event,
    scope,
    channel,
    actor,
    time,
    dataset,
    format,
    examples,
    trainer,
    base_model: baseModel,
    hyperparameters: JSON.stringify(hyperparameters),
    state: 'requested',
    file: null,
    reference: null,
    step: 0,
    total: 0,
    loss: null,
    model: null,
    trained_tokens: null,
    cost: null,
    reason: null,
    ended: null,
  };
}

export async function findJob(db: Kysely<Tables>, scope: string, id: string): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('scope', '=', scope).where('id', '=', id).executeTakeFirst();
}

/** The newest first. */
export async function listJobs(
  db: Kysely<Tables>,
  scope: string,
  { before, limit }: Page,
): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('scope', '=', scope)
    .where('ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute();
}

/** Of every scope, the oldest first: what has to be taken up again after a start. */
export async function unfinishedJobs(db: Kysely<Tables>): Promise<JobRow[]> {
  return db.selectFrom('jobs').selectAll().where('ended', 'is', null).orderBy('ordinal').execute();
}

export async function hasUnfinishedJob(db: Kysely<Tables>, scope: string): Promise<boolean> {
  const unfinished = db.selectFrom('jobs').select('id').where('scope', '=', scope).where('ended', 'is', null);
  return (await unfinished.limit(1).executeTakeFirst()) !== undefined;
}

/** The newest first. */
export async function jobsOfDataset(
  db: Kysely<Tables>,
  scope: string,
  dataset: string,
  limit: number,
): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('scope', '=', scope)
    .where('dataset', '=', dataset)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute();
}

/** The jobs that gave a model, the newest first. */
export async function jobsOfModel(
  db: Kysely<Tables>,
  scope: string,
  model: string,
  limit: number,
): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('scope', '=', scope)
    .where('model', '=', model)
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute();
}

/** How many of a dataset's jobs are over. */
export async function countEndedJobs(db: Kysely<Tables>, scope: string, dataset: string): Promise<number> {
  const { ended } = await db
    .selectFrom('jobs')
    .select(({ fn }) => fn.countAll<number>().as('ended'))
    .where('scope', '=', scope)
    .where('dataset', '=', dataset)
    .where('ended', 'is not', null)
    .executeTakeFirstOrThrow();
  return ended;
}

/** Of every scope. @param since ISO 8601 in UTC */
export async function cancelledJobs(db: Kysely<Tables>, since: string): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('state', '=', 'cancelled')
    .where('ended', '>=', since)
    .orderBy('ordinal')
    .execute();
}
