/** The kinds of stream; each has one decider. */
export const streamKinds = [
  'answer',
  'dataset',
  'archive',
  'job',
  'model',
  'evaluation',
  'member',
  'guild',
  'process',
  'utterance',
  'reply',
] as const;
export type StreamKind = (typeof streamKinds)[number];

/** Everything we write stands under this prefix, so that a shared store can be filtered by it. */
export const STREAM_PREFIX = 'training.';

/** Which model answers is one question for each scope, so its stream has a fixed id. */
const ACTIVE_MODEL = 'active';

/** @param scope a Discord guild's id, or `local`; it holds no dot. */
export function streamName(scope: string, kind: StreamKind, id: string): string {
  return `${STREAM_PREFIX}${scope}.${kind}-${id}`;
}

export function modelStream(scope: string): string {
  return streamName(scope, 'model', ACTIVE_MODEL);
}

/** Of what belongs to no place: the processes that share the ledger. */
export const FLEET_SCOPE = 'fleet';

export function processStream(process: string): string {
  return streamName(FLEET_SCOPE, 'process', process);
}

export function guildStream(scope: string): string {
  return streamName(scope, 'guild', scope);
}
