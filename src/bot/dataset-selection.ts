import { datasetDecider } from '../domain/dataset.ts';
import type { EventData } from '../domain/events.ts';
import { languages, type Words } from '../domain/languages/languages.ts';
import type { Origin } from '../domain/policy.ts';
import type { SourceFile, Vault } from '../domain/ports.ts';
import { Refusal } from '../domain/refusal.ts';
import { streamName } from '../domain/streams.ts';
import type { JsonObject } from '../domain/surface.ts';
import { policyOf } from '../projections/members.ts';
import type { CommandContext } from './command.ts';
import { manifestEntries } from './dataset-content.ts';
import { describeProblem, type Intake, type IntakeOptions, type Problem, takeIn } from './dataset-intake.ts';

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
  check: (selected: EventData<'DatasetSelected'>) => Promise<void> = async () => {},
): Promise<Intake> {
  if (prior?.type === 'DatasetSelected') {
    return { selected: prior.data, skipped: await skippedIn(services.vault, prior.data) };
  }
  const { files, origin } = await findSources();
  const policy = await policyOf(services.readModels.db, cause.scope);
  if (!policy.permittedOrigins.includes(origin)) {
    throw new Refusal(({ datasets }) => datasets.originNotPermitted(origin));
  }
  const intake = await takeIn(services, files, { ...options, maxExampleBytes: policy.maxExampleBytes });
  const { selected } = intake;
  await check(selected);
  const stream = streamName(cause.scope, 'dataset', selected.dataset);
  const command = { kind: 'select', selected } as const;
  await handle(stream, datasetDecider, command, origin === 'upload' ? origin : undefined);
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
    problems.push({ path, line, reason: () => reason });
  }
  return problems;
}

/** What is said of the lines that were left out on request. */
export function skippedLines({ selected, skipped }: Intake, words: Words): string[] {
  if (selected.skipped === 0) return [];
  const shown = skipped.slice(0, 100).map((problem) => describeProblem(problem, words));
  return [words.datasets.skipped(selected.skipped), ...shown];
}

/** For programs: its reasons are English, whoever asks. */
export function selectedData({ selected, skipped }: Intake): JsonObject {
  const { dataset, format, examples, bytes, sources } = selected;
  return {
    dataset,
    sha256: dataset,
    format,
    examples,
    bytes,
    sources: sources.map((source: EventData<'DatasetSelected'>['sources'][number]) => ({ ...source })),
    skipped: skipped.map((problem) => ({ ...problem, reason: problem.reason(languages.en) })),
  };
}
