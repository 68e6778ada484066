import { createWriteStream } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { splitOf } from '../../../domain/held-out.ts';
import type { TrainingOrder, Vault } from '../../../domain/ports.ts';
import { LineSplitter } from './bounded-lines.ts';
import { parseJsonLine } from './json-line.ts';

const CHUNK_LENGTH = 262_144;

/** A line of a built dataset's manifest, as far as it matters here; that of one taken from files has none of it. */
const SplitLine = z.object({
  kind: z.literal('example'),
  line: z.int().positive(),
  split: z.enum(['train', 'validation']),
});

/** How many examples stand in each file. */
export interface Split {
  readonly train: number;
  readonly valid: number;
}

type IsHeldOut = (line: number, text: string) => boolean;

/**
 * Writes the lines of a dataset into two files, by the split in its manifest, or else each by a hash of its text:
 * the same dataset gives the same files. Where nothing would be left to train on, all of it is trained on.
 */
export async function writeTrainingFiles(
  vault: Vault,
  { sha256, manifest }: Pick<TrainingOrder['dataset'], 'sha256' | 'manifest'>,
  paths: { readonly train: string; readonly valid: string },
): Promise<Split> {
  const isHeldOut = await heldOutOf(vault, manifest);
  const write = async (path: string, takes: IsHeldOut) => {
    const counted = { lines: 0 };
    await pipeline(
      inChunks(linesOf(vault.read(sha256)), takes, counted),
      createWriteStream(path, { mode: 0o600 }),
    );
    return counted.lines;
  };
  const train = await write(paths.train, (line, text) => !isHeldOut(line, text));
  const valid = await write(paths.valid, isHeldOut);
  if (train > 0) return { train, valid };
  await rename(paths.valid, paths.train);
  await writeFile(paths.valid, '', { mode: 0o600 });
  return { train: valid, valid: 0 };
}

async function heldOutOf(vault: Vault, manifest: string): Promise<IsHeldOut> {
  const heldOut = new Set<number>();
  let isSplit = false;
  for await (const text of linesOf(vault.read(manifest))) {
    const { success, data } = SplitLine.safeParse(parseJsonLine(text));
    if (!success) continue;
    isSplit = true;
    if (data.split === 'validation') heldOut.add(data.line);
  }
  return isSplit ? (line) => heldOut.has(line) : (_line, text) => splitOf(text) === 'validation';
}

async function* inChunks(
  lines: AsyncIterable<string>,
  takes: IsHeldOut,
  counted: { lines: number },
): AsyncGenerator<string> {
  let line = 0;
  let chunk = '';
  for await (const text of lines) {
    if (!takes(++line, text)) continue;
    counted.lines++;
    chunk += `${text}\n`;
    if (chunk.length >= CHUNK_LENGTH) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** What the vault holds is whole and was checked before: its lines may be of any length. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const splitter = new LineSplitter({ maxLength: Number.POSITIVE_INFINITY, carriageReturnEnds: false });
  for await (const piece of bytes) yield* splitter.push(piece);
  yield* splitter.end();
}
