import type { EventLog, LoggedEvent, LoggedStream } from './event-log.ts';

export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

/** The newest event with an id, by the id: what a server remembers, and forgets when it is started anew. */
export type RememberedEvents = Map<string, Pick<LoggedEvent, 'stream' | 'revision'>>;

export type AppendDecision =
  | { readonly kind: 'write' }
  /** They are there already; this is the last of them. */
  | { readonly kind: 'repeated'; readonly last: LoggedEvent | undefined }
  | { readonly kind: 'wrong revision'; readonly current: number | 'no_stream' }
  | { readonly kind: 'tombstoned' };

/** Whether an append goes through, as the server's documentation and its index of streams have it. */
export function decideAppend(
  log: EventLog,
  remembered: RememberedEvents,
  name: string,
  expected: ExpectedRevision,
  ids: readonly string[],
): AppendDecision {
  const stream = log.stream(name);
  const current = (stream?.events.length ?? 0) - 1;
  if (stream?.isTombstoned === true) return { kind: 'tombstoned' };
  if (expected === 'any' || expected === 'stream_exists') {
    if (expected === 'stream_exists' && isGone(stream)) return wrongRevision(current);
    return decideByMemory(remembered, stream, name, current, ids);
  }
  const revision = expected === 'no_stream' ? -1 : expected;
  if (revision === current) return { kind: 'write' };
  if (revision > current) return wrongRevision(current);
  return decideByRevision(stream, revision, current, ids);
}

/** Without an exact revision, a repetition is known only by what the server remembers. */
function decideByMemory(
  remembered: RememberedEvents,
  stream: LoggedStream | undefined,
  name: string,
  current: number,
  ids: readonly string[],
): AppendDecision {
  const known = ids.map((id) => remembered.get(id)).map((event) => (event?.stream === name ? event : null));
  if (known[0] === null || known[0] === undefined) return { kind: 'write' };
  if (known.includes(null)) return wrongRevision(current);
  return { kind: 'repeated', last: stream?.events[known.at(-1)?.revision ?? -1] };
}

function decideByRevision(
  stream: LoggedStream | undefined,
  revision: number,
  current: number,
  ids: readonly string[],
): AppendDecision {
  const there = ids.map((id, index) => {
    const event = stream?.events[revision + 1 + index];
    return event?.id === id ? event : undefined;
  });
  if (there.every((event) => event !== undefined)) return { kind: 'repeated', last: there.at(-1) };
  const isNewAfterDeletion = revision === -1 && there[0] === undefined && isGone(stream);
  return isNewAfterDeletion ? { kind: 'write' } : wrongRevision(current);
}

/** Never begun, or deleted and not begun again. */
export function isGone(stream: LoggedStream | undefined): boolean {
  return stream === undefined || stream.visibleFrom === Number.POSITIVE_INFINITY;
}

function wrongRevision(current: number): AppendDecision {
  return { kind: 'wrong revision', current: current < 0 ? 'no_stream' : current };
}
