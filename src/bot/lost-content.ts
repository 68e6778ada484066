import type { Trainer, Vault } from '../domain/ports.ts';
import { findDataset } from '../projections/datasets.ts';
import { findJob } from '../projections/jobs.ts';
import { findModel } from '../projections/models.ts';
import type { DatasetRow } from '../projections/tables.ts';
import type { Adapters } from './adapters.ts';
import { buildAgain } from './dataset-origin.ts';
import { providerNamed } from './model-providers.ts';

/**
 * Builds a dataset again that the vault has lost, as after importing an exported ledger. One that was taken from
 * files is only in the vault; whoever reads it is told that it is missing.
 */
export async function recoverDataset(
  { ledger, vault }: Pick<Adapters, 'ledger' | 'vault'>,
  row: DatasetRow,
): Promise<void> {
  const lost = await isLost(vault, [row.id, row.manifest]);
  if (lost) await buildAgain({ ledger, vault }, row);
}

/** Trains a model again whose file the vault has lost, where the same dataset gives the same file. */
export async function recoverModel(
  adapters: Pick<Adapters, 'ledger' | 'vault' | 'readModels' | 'providers'>,
  scope: string,
  model: string,
): Promise<void> {
  const { db } = adapters.readModels;
  const row = await findModel(db, scope, model);
  if (row === undefined || row.artifact === null || !(await isLost(adapters.vault, [row.artifact]))) return;
  const job = await findJob(db, scope, row.job);
  const dataset = await findDataset(db, scope, row.dataset);
  const trainer = providerNamed(adapters, job?.trainer ?? '')?.trainer;
  if (job === undefined || dataset === undefined || trainer?.isReproducible !== true) return;
  await recoverDataset(adapters, dataset);
  await trainAgain(trainer, job.id, dataset);
}

async function isLost(vault: Vault, contents: readonly string[]): Promise<boolean> {
  for (const sha256 of contents) if (!(await vault.has(sha256))) return true;
  return false;
}

/** Nothing of it is recorded: it happened before. */
async function trainAgain(trainer: Trainer, job: string, dataset: DatasetRow): Promise<void> {
  const { id: sha256, bytes, format, examples, manifest } = dataset;
  const order = {
    job,
    dataset: { sha256, bytes, format, examples, manifest },
    hyperparameters: {},
    known: { file: null, reference: null },
  };
  for await (const update of trainer.train(order, new AbortController().signal)) {
    if (update.kind === 'succeeded' || update.kind === 'failed') return;
  }
}
