import { shorten } from '../domain/identifiers.ts';
import { Refusal } from '../domain/refusal.ts';
import { findDataset } from '../projections/datasets.ts';
import type { DatasetRow } from '../projections/tables.ts';
import type { CommandContext } from './command.ts';
import { recoverDataset } from './lost-content.ts';

/** The dataset that a reference stands for, its content at hand wherever the ledger can give it. @throws Refusal */
export async function knownDataset(
  { services, cause, resolve }: CommandContext,
  reference: string,
): Promise<DatasetRow> {
  const id = await resolve('dataset', reference);
  const row = await findDataset(services.readModels.db, cause.scope, id);
  if (row === undefined) {
    throw new Refusal(({ datasets }) => datasets.unknown(shorten(id)));
  }
  await recoverDataset(services, row);
  return row;
}
