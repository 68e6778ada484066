import { z } from 'zod';
import { decodeEvent, LeftOutReason, type Recorded } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import type { Words } from '../domain/languages/languages.ts';
import { type InWords, Refusal } from '../domain/refusal.ts';
import { streamName } from '../domain/streams.ts';
import type { DatasetRow } from '../projections/tables.ts';
import type { Adapters } from './adapters.ts';
import { replayLedger, storeDataset } from './dataset-build.ts';
import { leftOutLines } from './left-out.ts';

const LeftOut = z.array(z.object({ reason: LeftOutReason, count: z.int() }));
const SelectedFrom = z.array(z.object({ path: z.string(), examples: z.int() }));

/** What a dataset was made from, a line each: its files, or what was left out of the replayed corrections. */
export function describeOrigin(
  { made, details }: Pick<DatasetRow, 'made' | 'details'>,
  words: Words,
  prefix: string,
): string[] {
  const json: unknown = JSON.parse(details);
  if (made === 'built') return leftOutLines(LeftOut.parse(json), words, prefix);
  return SelectedFrom.parse(json).map(words.datasets.fromFile);
}

/**
 * Builds a dataset again from the ledger as it was, and puts it into the store where it was lost.
 * @returns a sentence that it is the same
 * @throws Refusal where it cannot be built again or comes out different
 */
export async function verifyDataset(
  services: Pick<Adapters, 'ledger' | 'vault'>,
  { id, scope }: DatasetRow,
): Promise<InWords> {
  const again = await buildAgain(services, { id, scope });
  if (again === undefined) {
    throw new Refusal(({ datasets }) => datasets.notFromLedger(shorten(id)));
  }
  if (!again.isSame) {
    throw new Refusal(({ datasets }) =>
      datasets.comesOutDifferent({ dataset: shorten(id), again: again.dataset }),
    );
  }
  return ({ datasets }) => datasets.comesOutSame;
}

/** Puts what the ledger says now into the store; undefined where the dataset was never built from the ledger. */
export async function buildAgain(
  { ledger, vault }: Pick<Adapters, 'ledger' | 'vault'>,
  { id, scope }: Pick<DatasetRow, 'id' | 'scope'>,
): Promise<{ readonly dataset: string; readonly isSame: boolean } | undefined> {
  const recorded = await newestBuild(ledger, scope, id);
  if (recorded === undefined) return undefined;
  const { format, since, policy, through } = recorded.data;
  const request = { scope, format, since, policy, through };
  const { built } = await storeDataset(vault, await replayLedger(ledger, request), request);
  const isSame = built.dataset === id && built.manifest === recorded.data.manifest;
  return { dataset: built.dataset, isSame };
}

async function newestBuild(
  ledger: Adapters['ledger'],
  scope: string,
  dataset: string,
): Promise<Recorded<'DatasetBuilt'> | undefined> {
  let newest: Recorded<'DatasetBuilt'> | undefined;
  for await (const stored of ledger.readStream(streamName(scope, 'dataset', dataset))) {
    const event = decodeEvent(stored);
    if (event.type === 'DatasetBuilt') newest = event;
  }
  return newest;
}
