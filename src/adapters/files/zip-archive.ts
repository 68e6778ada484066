import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import type { SourceFile } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { quote } from './named-path.ts';

/** What an archive holds, as it stands in `MANIFEST.json` at its top. */
export interface ArchivedFile {
  /** Relative to the scope's root; also the name of the entry. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const MANIFEST = 'MANIFEST.json';

/** A zip knows the time of a clock and not its zone: with this one the same files give the same bytes anywhere. */
const entryOptions = () => ({ mtime: new Date(1981, 0, 1), forceDosTimestamp: true, mode: 0o100644 });

/** A zip that is being written: its manifest is known once its content was read to the end. */
export class ZipArchive {
  readonly #directory: string;
  readonly #sources: readonly SourceFile[];
  readonly #files: ArchivedFile[] = [];

  /** @param sources in the order of the entries */
  constructor(directory: string, sources: readonly SourceFile[]) {
    this.#directory = directory;
    this.#sources = sources;
  }

  get manifest(): Buffer {
    return Buffer.from(`${JSON.stringify({ directory: this.#directory, files: this.#files }, null, 2)}\n`);
  }

  /** Reads the sources once. @throws what reading them throws */
  async *content(): AsyncGenerator<Uint8Array> {
    const zip = new ZipFile();
    const output = new PassThrough();
    zip.outputStream.pipe(output);
    const fail = (error: unknown) =>
      output.destroy(error instanceof Error ? error : new Error(String(error)));
    zip.on('error', fail);
    void this.#fill(zip, output).catch(fail);
    yield* output;
  }

  async #fill(zip: ZipFile, output: PassThrough): Promise<void> {
    for (const source of this.#sources) {
      if (output.destroyed) return;
      const hash = createHash('sha256');
      let bytes = 0;
      const counted = async function* () {
        for await (const piece of source.read()) {
          hash.update(piece);
          bytes += piece.length;
          yield piece;
        }
      };
      const stream = Readable.from(counted(), { objectMode: false });
      const stop = () => stream.destroy();
      output.once('close', stop);
      zip.addReadStream(stream, source.path, entryOptions());
      await finished(stream);
      output.off('close', stop);
      this.#files.push({ path: source.path, bytes, sha256: hash.digest('hex') });
    }
    zip.addBuffer(this.manifest, MANIFEST, entryOptions());
    zip.end();
  }

  /** Reads a written zip back. @throws Refusal where it is not byte for byte what was put in */
  async verify(zipPath: string): Promise<void> {
    const { manifest } = this;
    const expected = [
      ...this.#files,
      { path: MANIFEST, bytes: manifest.length, sha256: createHash('sha256').update(manifest).digest('hex') },
    ];
    let index = 0;
    try {
      for await (const found of readZip(zipPath)) {
        const file = expected[index++];
        const isSame =
          file?.path === found.path && file.bytes === found.bytes && file.sha256 === found.sha256;
        if (!isSame) throw unlike(found.path);
      }
    } catch (error) {
      throw error instanceof Refusal ? error : unlike(this.#directory, error);
    }
    if (index !== expected.length) throw unlike(expected[index]?.path ?? MANIFEST);
  }
}

async function* readZip(zipPath: string): AsyncGenerator<ArchivedFile> {
  const zip = await openPromise(zipPath, { autoClose: false, lazyEntries: true });
  try {
    for await (const entry of zip.eachEntry()) {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of await zip.openReadStreamPromise(entry)) {
        hash.update(piece);
        bytes += piece.length;
      }
      yield { path: entry.fileName, bytes, sha256: hash.digest('hex') };
    }
  } finally {
    zip.close();
  }
}

function unlike(path: string, cause?: unknown): Refusal {
  const why = cause instanceof Error ? cause.message : null;
  return new Refusal(({ workspace }) => workspace.archiveUnlike({ path: quote(path), why }));
}
