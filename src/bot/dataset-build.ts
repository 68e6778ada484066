import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ListedExample } from '../domain/dataset.ts';
import { decodeEvent, type EventData, type LeftOutReason } from '../domain/events.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Vault } from '../domain/ports.ts';
import {
  manifestHeader,
  manifestLine,
  Replay,
  type ReplayedEntry,
  type Selection,
} from '../domain/replay.ts';
import { STREAM_PREFIX } from '../domain/streams.ts';
import { Pieces } from './pieces.ts';

/** What is looked at between two turns of the event loop. */
const ENTRIES_AT_ONCE = 500;

/** A scope's corrections or ratings up to an event, selected. */
export interface BuildRequest extends Selection {
  readonly scope: string;
  /** The id of the last event to take in; the whole ledger as it is now where it is null. */
  readonly through: string | null;
}

export interface BuildSummary {
  readonly examples: number;
  /** How many examples each member has a part in, the most first. */
  readonly members: readonly { readonly member: string; readonly examples: number }[];
  readonly leftOut: EventData<'DatasetBuilt'>['leftOut'];
}

export interface BuiltDataset {
  readonly built: EventData<'DatasetBuilt'>;
  readonly examples: readonly ListedExample[];
  readonly summary: BuildSummary;
}

/** Folds the ledger up to the event of the request; nothing is written. */
export async function replayLedger(ledger: Ledger, request: BuildRequest): Promise<Replay> {
  const replay = new Replay(request);
  const through = request.through === null ? await ledger.head() : null;
  // Only these kinds of stream have a say in what an example is.
  const answers = `${STREAM_PREFIX}${request.scope}.answer-`;
  const members = `${STREAM_PREFIX}${request.scope}.member-`;
  for await (const stored of ledger.readAll({ through })) {
    if (stored.stream.startsWith(answers) || stored.stream.startsWith(members)) {
      replay.take(decodeEvent(stored));
    }
    if (stored.id === request.through) break;
  }
  return replay;
}

/** Writes the dataset and the manifest beside it into the vault. */
export async function storeDataset(
  vault: Vault,
  replay: Replay,
  request: BuildRequest,
): Promise<BuiltDataset> {
  const { format, since, policy } = request;
  const manifest = new Pieces();
  const manifestPieces: Uint8Array[] = [];
  const allGiven = Promise.withResolvers<void>();
  const examples: ListedExample[] = [];
  const tally = new Tally();
  async function* lines(): AsyncGenerator<Uint8Array> {
    const dataset = new Pieces();
    manifest.add(manifestHeader({ format, since, policy }, replay.through));
    for (const entry of replay.entries()) {
      tally.count(entry);
      manifest.add(manifestLine(entry));
      if (entry.kind === 'example') {
        examples.push(listed(entry));
        dataset.add(entry.text);
      }
      if (!manifest.isFull && !dataset.isFull) continue;
      manifestPieces.push(manifest.take());
      yield dataset.take();
      await letOthersRun();
    }
    manifestPieces.push(manifest.take());
    yield dataset.take();
    allGiven.resolve();
  }
  /** Is written while the dataset is being made durable. */
  async function* manifestLines(): AsyncGenerator<Uint8Array> {
    await Promise.race([allGiven.promise, file]);
    yield* manifestPieces;
  }
  const file = vault.put(lines());
  const files = [file, vault.put(manifestLines())] as const;
  // Neither is left half written where the other one fails.
  await Promise.allSettled(files);
  const [{ sha256: dataset, bytes }, { sha256: manifestSha256 }] = await Promise.all(files);
  const summary = tally.summary();
  const built = {
    dataset,
    format,
    examples: summary.examples,
    bytes,
    manifest: manifestSha256,
    through: replay.through,
    since,
    policy,
    leftOut: [...summary.leftOut],
  };
  return { built, examples, summary };
}

/** Where each line comes from. */
export async function examplesOf(replay: Replay): Promise<readonly ListedExample[]> {
  const examples: ListedExample[] = [];
  for (const entry of replay.entries()) {
    if (entry.kind !== 'example') continue;
    examples.push(listed(entry));
    if (examples.length % ENTRIES_AT_ONCE === 0) await letOthersRun();
  }
  return examples;
}

function listed({ provenance }: Extract<ReplayedEntry, { kind: 'example' }>): ListedExample {
  const { answer, correction } = provenance;
  return { answer, correction };
}

/** What a dataset would hold. */
export async function summarise(replay: Replay): Promise<BuildSummary> {
  const tally = new Tally();
  let looked = 0;
  for (const entry of replay.entries()) {
    tally.count(entry);
    if (++looked % ENTRIES_AT_ONCE === 0) await letOthersRun();
  }
  return tally.summary();
}

class Tally {
  #examples = 0;
  readonly #members = new Map<string, number>();
  readonly #leftOut = new Map<LeftOutReason, number>();

  count(entry: ReplayedEntry): void {
    if (entry.kind === 'left_out') {
      this.#leftOut.set(entry.reason, (this.#leftOut.get(entry.reason) ?? 0) + 1);
      return;
    }
    this.#examples++;
    for (const member of entry.provenance.members) {
      this.#members.set(member, (this.#members.get(member) ?? 0) + 1);
    }
  }

  summary(): BuildSummary {
    const members = [...this.#members].map(([member, examples]) => ({ member, examples }));
    members.sort((a, b) => b.examples - a.examples || (a.member < b.member ? -1 : 1));
    const leftOut = [...this.#leftOut].map(([reason, count]) => ({ reason, count }));
    leftOut.sort((a, b) => (a.reason < b.reason ? -1 : 1));
    return { examples: this.#examples, members, leftOut };
  }
}
