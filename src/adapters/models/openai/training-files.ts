import { openAsBlob } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveId } from '../../../domain/identifiers.ts';
import type { TrainingOrder, Vault } from '../../../domain/ports.ts';
import { checkDataset } from './dataset-check.ts';

/** In UTF-16 units: what is written at once. */
const PIECE_LENGTH = 131_072;

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
  await using train = await LineFile.create(trainFile);
  await using validation = await LineFile.create(validationFile);
  const checked = await checkDataset(vault, dataset, exampleTokens, ({ text, heldOut }) =>
    (heldOut ? validation : train).write(text),
  );
  await train.flush();
  await validation.flush();
  return checked;
}

/** Its bytes are read from the disk as they are sent. */
async function asFile(path: string, name: string): Promise<File> {
  return new File([await openAsBlob(path)], name, { type: 'application/jsonl' });
}

/** Lines on their way into a file, in pieces that files are written well in. */
class LineFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  #piece = '';

  static async create(path: string): Promise<LineFile> {
    return new LineFile(await open(path, 'wx', 0o600));
  }

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  write(line: string): Promise<void> | undefined {
    this.#piece += `${line}\n`;
    return this.#piece.length < PIECE_LENGTH ? undefined : this.flush();
  }

  async flush(): Promise<void> {
    const piece = this.#piece;
    this.#piece = '';
    await this.#handle.writeFile(piece);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}
