import { z } from 'zod';
import { decodeEvent, LeftOutReason, type Recorded } from '../domain/events.ts';
import { shorten } from '../domain/identifiers.ts';
import { Refusal } from '../domain/refusal.ts';
import { streamName } from '../domain/streams.ts';
import type { DatasetRow } from '../projections/tables.ts';
import { replayLedger, storeDataset } from './dataset-build.ts';
import { leftOutLines } from './left-out.ts';
import type { Services } from './services.ts';
import { counted } from './words.ts';

const LeftOut = z.array(z.object({ reason: LeftOutReason, count: z.int() }));
const SelectedFrom = z.array(z.object({ path: z.string(), examples: z.int() }));

/** What a dataset was made from, a line each: its files, or what was left out of the replayed corrections. */
export function describeOrigin({ made, details }: Pick<DatasetRow, 'made' | 'details'>): string[] {
  const json: unknown = JSON.parse(details);
  if (made === 'built') return leftOutLines(LeftOut.parse(json));
  return SelectedFrom.parse(json).map(
    ({ path, examples }) => `from ${path}: ${counted(examples, 'example')}`,
  );
}

/**
 * Builds a dataset again from the ledger as it was, and puts it into the store where it was lost.
 * @returns a sentence that it is the same
 * @throws Refusal where it cannot be built again or comes out different
 */
export async function verifyDataset(
  services: Pick<Services, 'ledger' | 'vault'>,
  { id, scope }: DatasetRow,
): Promise<string> {
  const again = await buildAgain(services, { id, scope });
  if (again === undefined) {
    throw new Refusal(
      `Dataset ${shorten(id)} was taken from files, so it cannot be built again from the ledger.`,
    );
  }
  if (!again.isSame) {
    throw new Refusal(
      `Dataset ${shorten(id)} comes out as ${again.dataset} when it is built again from the ledger.`,
    );
  }
  return 'Built again from the ledger: every byte is the same.';
}

/** Puts what the ledger says now into the store; undefined where the dataset was never built from the ledger. */
export async function buildAgain(
  { ledger, vault }: Pick<Services, 'ledger' | 'vault'>,
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
  ledger: Services['ledger'],
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
