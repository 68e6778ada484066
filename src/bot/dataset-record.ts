import { datasetDecider, EXAMPLES_PER_APPEND, type ListedExample } from '../domain/dataset.ts';
import type { EventData } from '../domain/events.ts';
import { deriveId } from '../domain/identifiers.ts';
import { type Cause, handle } from '../domain/ledger.ts';
import { streamName } from '../domain/streams.ts';
import type { Services } from './services.ts';

export interface Recording {
  readonly services: Pick<Services, 'ledger' | 'clock' | 'streams' | 'readModels'>;
  readonly cause: Cause;
}

/**
 * Records a dataset that was built and where its lines come from, and waits until the read models show it. What does
 * not fit into one append of a server follows in further ones, each with the effect of once.
 */
export async function recordBuild(
  recording: Recording,
  built: EventData<'DatasetBuilt'>,
  examples: readonly ListedExample[],
): Promise<void> {
  const { services, cause } = recording;
  const stream = streamName(cause.scope, 'dataset', built.dataset);
  const handled = await handle(services, stream, datasetDecider, { kind: 'build', built, examples }, cause);
  await services.readModels.caughtUpWith(handled.position);
  // Where nothing was listed, everything was before.
  if (handled.events.length > 1) await listRest(recording, built.dataset, examples);
  services.streams.forget(stream);
}

/** Goes on where a kill came in between. */
export async function listRest(
  { services, cause }: Recording,
  dataset: string,
  examples: readonly ListedExample[],
): Promise<void> {
  const stream = streamName(cause.scope, 'dataset', dataset);
  let reached: string | null = null;
  for (let listed = EXAMPLES_PER_APPEND; listed < examples.length; listed += EXAMPLES_PER_APPEND) {
    const command = { kind: 'list', dataset, listed, examples } as const;
    const commandId = deriveId(cause.commandId, 'list', listed);
    const ofBuild = { ...cause, commandId, causationId: cause.commandId, correlationId: cause.commandId };
    const { position } = await handle(services, stream, datasetDecider, command, ofBuild);
    reached = position ?? reached;
  }
  await services.readModels.caughtUpWith(reached);
}
