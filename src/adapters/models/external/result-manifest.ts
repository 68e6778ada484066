import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';

/** In the directory `{out}`, written by the trainer when everything else is there. */
export const MANIFEST_NAME = 'manifest.json';

const MAX_MANIFEST_BYTES = 4 * 2 ** 20;
const MAX_SHOWN_PATH = 200;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case');
/** Below `{out}`, with forward slashes. */
const ArtifactPath = z
  .string()
  .min(1)
  .max(1_024)
  .refine(
    (path) =>
      !path.split('/').some((part) => part === '' || part === '.' || part === '..') && !/[\\:\0]/.test(path),
    'must be relative to the output directory and stay in it',
  );

/** What a trainer says that it made, and of what. */
export const ResultManifest = z.object({
  protocol: z.literal('trainer/1'),
  /** Of the whole dataset, as it stands in `{config}`. */
  dataset_sha256: Sha256,
  base_model: z.string().min(1),
  seed: z.int(),
  /** Versions by the name of what was used. */
  tools: z
    .record(z.string(), z.string())
    .refine((tools) => Object.keys(tools).length > 0, 'must name at least one tool'),
  artifacts: z
    .array(z.object({ path: ArtifactPath, sha256: Sha256 }))
    .min(1)
    .max(10_000)
    .refine(
      (artifacts) => new Set(artifacts.map(({ path }) => path)).size === artifacts.length,
      'must name each path once',
    ),
});
export type ResultManifest = z.infer<typeof ResultManifest>;

export interface Expected {
  readonly dataset: string;
  readonly baseModel: string;
  readonly seed: number;
}

export type CheckedManifest =
  | {
      readonly kind: 'valid';
      readonly manifest: ResultManifest;
      readonly sha256: string;
      readonly bytes: number;
    }
  /** The reason goes on from "no result is taken, because ". */
  | { readonly kind: 'invalid'; readonly reason: string };

/** Reads the manifest of an output directory and checks every file that it names, byte for byte. */
export async function checkManifest(directory: string, expected: Expected): Promise<CheckedManifest> {
  const read = await readManifest(directory);
  if (read.kind === 'invalid') return read;
  const { manifest } = read;
  if (manifest.dataset_sha256 !== expected.dataset)
    return invalid(`its manifest is of another dataset, ${manifest.dataset_sha256.slice(0, 8)}…`);
  if (manifest.base_model !== expected.baseModel)
    return invalid(`its manifest is of another base model, ${quoted(manifest.base_model)}`);
  if (manifest.seed !== expected.seed) return invalid(`its manifest is of another seed, ${manifest.seed}`);
  for (const { path, sha256 } of manifest.artifacts) {
    const wrong = await whatIsWrong(directory, path, sha256);
    if (wrong !== undefined) return invalid(`the artifact ${quoted(path)} ${wrong}`);
  }
  return read;
}

async function readManifest(directory: string): Promise<CheckedManifest> {
  const path = join(directory, MANIFEST_NAME);
  let bytes: Buffer;
  try {
    if ((await stat(path)).size > MAX_MANIFEST_BYTES) return invalid(`its ${MANIFEST_NAME} is far too large`);
    bytes = await readFile(path);
  } catch (error) {
    const isMissing = codeOf(error) === 'ENOENT';
    return invalid(`it wrote ${isMissing ? 'no' : 'an unreadable'} ${MANIFEST_NAME} in its output directory`);
  }
  const json = parsed(bytes.toString());
  if (json === undefined) return invalid(`its ${MANIFEST_NAME} is not JSON`);
  const { success, data, error } = ResultManifest.safeParse(json);
  if (!success) {
    const [issue] = error.issues;
    const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    return invalid(`its ${MANIFEST_NAME} does not hold what it must (${place}${issue?.message})`);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'valid', manifest: data, sha256, bytes: bytes.length };
}

/** Nothing where the file is what the manifest says. */
async function whatIsWrong(directory: string, path: string, sha256: string): Promise<string | undefined> {
  try {
    const file = await realpath(join(directory, path));
    if (!file.startsWith((await realpath(directory)) + sep)) return 'stands outside the output directory';
    if (!(await stat(file)).isFile()) return 'is not a file';
    return (await hashOf(file)) === sha256
      ? undefined
      : 'is not what the manifest says (its SHA-256 is another one)';
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(piece);
  return hash.digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(reason: string): CheckedManifest {
  return { kind: 'invalid', reason };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN_PATH ? `${text.slice(0, MAX_SHOWN_PATH)}…` : text);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
