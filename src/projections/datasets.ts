import { type Kysely, sql } from 'kysely';
import type { Recorded } from '../domain/events.ts';
import { findCorrection } from './answers.ts';
import { ANY_ORDINAL, type Page } from './page.ts';
import type { Projection } from './projection.ts';
import type { DatasetExampleRow, DatasetRow, Tables } from './tables.ts';

/** Datasets and, of those built from the ledger, where each line comes from. */
export const datasetsProjection: Projection = {
  name: 'datasets',
  version: 1,
  prepare(statements) {
    const insertDataset = statements.insert('datasets');
    const insertMaking = statements.insert('makings');
    const addExample = statements.append('dataset_examples');
    const makeAgain = statements.change<Pick<DatasetRow, 'scope' | 'id' | 'last_ordinal' | 'last_channel'>>(
      (query, { scope, id, last_ordinal, last_channel }) =>
        query
          .updateTable('datasets')
          .set({ last_ordinal, last_channel })
          .where('scope', '=', scope)
          .where('id', '=', id),
    );
    const buildAgain = statements.change<
      Pick<DatasetRow, 'scope' | 'id' | 'through' | 'since' | 'manifest' | 'details'>
    >((query, { scope, id, through, since, manifest, details }) =>
      query
        .updateTable('datasets')
        .set({ through, since, manifest, details })
        .where('scope', '=', scope)
        .where('id', '=', id)
        .where('made', '=', sql.lit('built')),
    );
    const buildAfterSelection = statements.change<Pick<DatasetRow, 'scope' | 'id' | 'through' | 'since'>>(
      (query, { scope, id, through, since }) =>
        query
          .updateTable('datasets')
          .set({ through, since })
          .where('scope', '=', scope)
          .where('id', '=', id)
          .where('made', '=', sql.lit('selected')),
    );
    const findOrdinal = statements.find<Pick<DatasetRow, 'scope' | 'id'>, Pick<DatasetRow, 'ordinal'>>(
      (query, { scope, id }) =>
        query.selectFrom('datasets').select('ordinal').where('scope', '=', scope).where('id', '=', id),
    );

    function make(row: DatasetRow): void {
      const { scope, id, ordinal, channel, through, since, manifest, details } = row;
      insertMaking({ ordinal, kind: 'dataset', scope, channel, id });
      if (insertDataset(row) === 1) return;
      makeAgain({ scope, id, last_ordinal: ordinal, last_channel: channel });
      if (row.made === 'selected') return;
      buildAgain({ scope, id, through, since, manifest, details });
      buildAfterSelection({ scope, id, through, since });
    }

    function list({ data, metadata: { scope } }: Recorded<'DatasetExamplesListed'>, listed: number): void {
      const dataset = findOrdinal({ scope, id: data.dataset });
      // Recorded after its DatasetBuilt, so there is one.
      if (dataset === undefined) return;
      let line = data.firstLine;
      for (const { answer, correction } of data.examples) {
        addExample({ dataset_ordinal: dataset.ordinal, line: line++, listed, answer, correction });
      }
    }

    return {
      take(event, ordinal) {
        switch (event.type) {
          case 'DatasetSelected':
            make(selectedRow(event, ordinal));
            break;
          case 'DatasetBuilt':
            make(builtRow(event, ordinal));
            break;
          case 'DatasetExamplesListed':
            list(event, ordinal);
            break;
        }
      },
    };
  },
};

function selectedRow(event: Recorded<'DatasetSelected'>, ordinal: number): DatasetRow {
  const details = JSON.stringify(event.data.sources);
  return { ...datasetRow(event, ordinal), made: 'selected', through: null, since: null, details };
}

function builtRow(event: Recorded<'DatasetBuilt'>, ordinal: number): DatasetRow {
  const { through, since, leftOut } = event.data;
  return { ...datasetRow(event, ordinal), made: 'built', through, since, details: JSON.stringify(leftOut) };
}

function datasetRow(
  { id: event, data, metadata }: Recorded<'DatasetSelected'> | Recorded<'DatasetBuilt'>,
  ordinal: number,
) {
  const { dataset: id, format, examples, bytes, manifest } = data;
  const { scope, channel, actor, time } = metadata;
  const known = { scope, id, ordinal, event, channel, actor, time, format, examples, bytes, manifest };
  return { ...known, last_ordinal: ordinal, last_channel: channel };
}

export async function findDataset(
  db: Kysely<Tables>,
  scope: string,
  id: string,
): Promise<DatasetRow | undefined> {
  return db
    .selectFrom('datasets')
    .selectAll()
    .where('scope', '=', scope)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** What was made last comes first. @param page `before` is a `last_ordinal` */
export async function listDatasets(
  db: Kysely<Tables>,
  scope: string,
  { before, limit }: Page,
): Promise<DatasetRow[]> {
  return db
    .selectFrom('datasets')
    .selectAll()
    .where('scope', '=', scope)
    .where('last_ordinal', '<', before ?? ANY_ORDINAL)
    .orderBy('last_ordinal', 'desc')
    .limit(limit)
    .execute();
}

/** Where the lines of a built dataset come from, the newest word first where a line was listed anew. @param page `after` is a line, exclusive; 0 from the first on */
export async function examplesOf(
  db: Kysely<Tables>,
  scope: string,
  dataset: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<DatasetExampleRow[]> {
  return db
    .selectFrom('dataset_examples')
    .selectAll()
    .where('scope', '=', scope)
    .where('dataset', '=', dataset)
    .where('line', '>', after)
    .orderBy('line')
    .orderBy('listed', 'desc')
    .limit(limit)
    .execute();
}

export async function exampleAt(
  db: Kysely<Tables>,
  scope: string,
  dataset: string,
  line: number,
): Promise<DatasetExampleRow | undefined> {
  return db
    .selectFrom('dataset_examples')
    .selectAll()
    .where('scope', '=', scope)
    .where('dataset', '=', dataset)
    .where('line', '=', line)
    .orderBy('listed', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The lines made of an answer, in the order in which their datasets became known. */
export async function examplesWithAnswer(
  db: Kysely<Tables>,
  scope: string,
  answer: string,
): Promise<DatasetExampleRow[]> {
  return db
    .selectFrom('dataset_examples')
    .selectAll()
    .where('scope', '=', scope)
    .where('answer', '=', answer)
    .orderBy('dataset_ordinal')
    .orderBy('line')
    .execute();
}

/** The lines made of a correction, in the order in which their datasets became known. */
export async function examplesWithCorrection(
  db: Kysely<Tables>,
  scope: string,
  correction: string,
): Promise<DatasetExampleRow[]> {
  const given = await findCorrection(db, scope, correction);
  if (given === undefined) return [];
  const examples = await examplesWithAnswer(db, scope, given.answer);
  return examples.filter((example) => example.correction === correction);
}
