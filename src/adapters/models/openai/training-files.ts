import { openAsBlob } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveId } from '../../../domain/identifiers.ts';
import type { TrainingOrder, Vault } from '../../../domain/ports.ts';
import { checkDataset } from './dataset-check.ts';

export interface StagedFiles extends AsyncDisposable {
  readonly train: File;
  /** Null where nothing is held out. */
  readonly validation: File | null;
}

/**
 * The files to upload, checked, in a directory of the job, which goes away with them. What a killed process left
 * there is written anew.
 * @throws Refusal where the dataset is not one that can be trained on
 */
export async function stageFiles(
  {
    vault,
    directory,
    exampleTokens,
  }: { readonly vault: Vault; readonly directory: string; readonly exampleTokens: number },
  { job, dataset }: Pick<TrainingOrder, 'job' | 'dataset'>,
): Promise<StagedFiles> {
  const folder = join(directory, deriveId('staged files', job));
  const dispose = () => rm(folder, { recursive: true, force: true });
  await dispose();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const [trainFile, validationFile] = [join(folder, 'train.jsonl'), join(folder, 'validation.jsonl')];
    const { heldOut } = await writeFiles({ vault, exampleTokens }, dataset, { trainFile, validationFile });
    return {
      train: await asFile(trainFile, `training-ledger-${job}-train.jsonl`),
      validation:
        heldOut === 0 ? null : await asFile(validationFile, `training-ledger-${job}-validation.jsonl`),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function writeFiles(
  { vault, exampleTokens }: { readonly vault: Vault; readonly exampleTokens: number },
  dataset: TrainingOrder['dataset'],
  { trainFile, validationFile }: { readonly trainFile: string; readonly validationFile: string },
): Promise<{ readonly heldOut: number }> {
  await using train = await open(trainFile, 'wx', 0o600);
  await using validation = await open(validationFile, 'wx', 0o600);
  return await checkDataset(vault, dataset, exampleTokens, async (lines) => {
    await appendLines(train, lines.train);
    await appendLines(validation, lines.heldOut);
  });
}

async function appendLines(file: FileHandle, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await file.appendFile(`${lines.join('\n')}\n`);
}

/** Its bytes are read from the disk as they are sent. */
async function asFile(path: string, name: string): Promise<File> {
  return new File([await openAsBlob(path)], name, { type: 'application/jsonl' });
}
