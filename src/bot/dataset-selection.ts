import { datasetDecider } from '../domain/dataset.ts';
import type { EventData } from '../domain/events.ts';
import type { Origin } from '../domain/policy.ts';
import type { SourceFile, Vault } from '../domain/ports.ts';
import { Refusal } from '../domain/refusal.ts';
import { streamName } from '../domain/streams.ts';
import type { JsonObject } from '../domain/surface.ts';
import { policyOf } from '../projections/members.ts';
import type { CommandContext } from './command.ts';
import { manifestEntries } from './dataset-content.ts';
import { type Intake, type IntakeOptions, type Problem, takeIn } from './dataset-intake.ts';
import { counted } from './words.ts';

export interface Sources {
  readonly files: readonly SourceFile[];
  readonly origin: Origin;
}

/**
 * Takes files in as a dataset of the scope and records it.
 * @param check throws where the dataset is not to be recorded
 * @throws Refusal where they are bad or not permitted
 */
export async function selectDataset(
  { services, cause, handle, prior }: CommandContext,
  findSources: () => Promise<Sources>,
  options: IntakeOptions,
  check: (selected: EventData<'DatasetSelected'>) => void = () => {},
): Promise<Intake> {
  if (prior?.type === 'DatasetSelected') {
    return { selected: prior.data, skipped: await skippedIn(services.vault, prior.data) };
  }
  const { files, origin } = await findSources();
  const policy = await policyOf(services.readModels.db, cause.scope);
  if (!policy.permittedOrigins.includes(origin)) {
    throw new Refusal(
      `The policy here does not permit training on texts of origin “${origin}”; send them as a file.`,
    );
  }
  const intake = await takeIn(services, files, options);
  const { selected } = intake;
  check(selected);
  await handle(streamName(cause.scope, 'dataset', selected.dataset), datasetDecider, {
    kind: 'select',
    selected,
  });
  return intake;
}

async function skippedIn(
  vault: Vault,
  { manifest, skipped }: EventData<'DatasetSelected'>,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  if (skipped === 0) return problems;
  for await (const entry of manifestEntries(vault, manifest)) {
    if (entry.kind !== 'skipped') continue;
    const { path, line, reason } = entry;
    problems.push({ path, line, reason });
  }
  return problems;
}

/** What is said of the lines that were left out on request. */
export function skippedLines({ selected, skipped }: Intake): string[] {
  if (selected.skipped === 0) return [];
  const head = `${counted(selected.skipped, 'bad line was', 'bad lines were')} skipped:`;
  return [head, ...skipped.slice(0, 100).map(({ path, line, reason }) => `${path}, line ${line}: ${reason}`)];
}

export function selectedData({ selected, skipped }: Intake): JsonObject {
  const { dataset, format, examples, bytes, sources } = selected;
  return {
    dataset,
    sha256: dataset,
    format,
    examples,
    bytes,
    sources: sources.map((source: EventData<'DatasetSelected'>['sources'][number]) => ({ ...source })),
    skipped: skipped.map((problem) => ({ ...problem })),
  };
}
