import type { SourceFile } from '../../../src/domain/ports.ts';

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await all(pieces));
}

export async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  return (await bytesOf(pieces)).toString();
}

/** The refusal that a promise ends in, checked to be one sentence. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it was not refused');
  if (error.name !== 'Refusal') throw error;
  if (!/^[^\n]+\.$|^[^\n]+\?$/.test(error.message)) throw new Error(`not one sentence: ${error.message}`);
  return error.message;
}

/** A file of the given pieces that is not on any disk. */
export function sourceOf(path: string, pieces: Iterable<string | Uint8Array>): SourceFile {
  return {
    path,
    bytes: 0,
    read: async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    },
  };
}
