import type { Vault } from '../domain/ports.ts';
import { findAnswer, findCorrection } from '../projections/answers.ts';
import type { DatasetRow } from '../projections/tables.ts';
import type { CommandContext } from './command.ts';
import { manifestEntries } from './dataset-content.ts';

/** Where a line of a dataset comes from. */
export type LineSource =
  | {
      readonly kind: 'ledger';
      readonly answer: string;
      /** Null where ratings made the example. */
      readonly correction: string | null;
      readonly members: readonly string[];
    }
  | { readonly kind: 'file'; readonly path: string; readonly line: number };

/** The sources of the given lines, from the manifest. */
export async function sourcesOf(
  vault: Vault,
  { manifest }: Pick<DatasetRow, 'manifest'>,
  lines: readonly number[],
): Promise<ReadonlyMap<number, LineSource>> {
  const sources = new Map<number, LineSource>();
  const wanted = new Set(lines);
  for await (const entry of manifestEntries(vault, manifest)) {
    if (entry.kind === 'example' && wanted.has(entry.line)) {
      const { answer, correction, members } = entry;
      sources.set(entry.line, { kind: 'ledger', answer, correction, members });
    }
    if (entry.kind !== 'lines') continue;
    for (const line of lines) {
      const offset = line - entry.line;
      if (offset < 0 || offset >= entry.count) continue;
      sources.set(line, { kind: 'file', path: entry.path, line: entry.sourceLine + offset });
    }
  }
  return sources;
}

/** Whether an example of a dataset may be shown: all from which it was made. What came in a file came with the dataset. */
export async function mayShowExample(
  { services, cause, mayShow }: Pick<CommandContext, 'services' | 'cause' | 'mayShow'>,
  dataset: Pick<DatasetRow, 'channel' | 'actor'>,
  source: LineSource | undefined,
): Promise<boolean> {
  if (source?.kind !== 'ledger') return mayShow(dataset);
  const { db } = services.readModels;
  const answer = await findAnswer(db, cause.scope, source.answer);
  if (answer === undefined || !(await mayShow(answer))) return false;
  if (source.correction === null) return true;
  const given = await findCorrection(db, cause.scope, source.correction);
  return given !== undefined && mayShow({ channel: given.channel, actor: given.member });
}

/** As a reply's data. */
export function sourceData(source: LineSource | undefined) {
  if (source === undefined) return null;
  return source.kind === 'file' ? { ...source } : { ...source, members: [...source.members] };
}
