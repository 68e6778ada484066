import type { Vault } from '../domain/ports.ts';
import type { DatasetRow } from '../projections/tables.ts';
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

/** As a reply's data. */
export function sourceData(source: LineSource | undefined) {
  if (source === undefined) return null;
  return source.kind === 'file' ? { ...source } : { ...source, members: [...source.members] };
}
