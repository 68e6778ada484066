import type { Decider } from './decider.ts';
import {
  type DomainEvent,
  decodeEvent,
  type Metadata,
  type Recorded,
  type StoredEvent,
  schemaVersion,
  UnreadableEvent,
} from './events.ts';
import { type Folded, FoldedStreams } from './folded-streams.ts';
import { deriveId } from './identifiers.ts';
import { LedgerError } from './ledger-fault.ts';
import type { Clock } from './ports.ts';
import { Refusal } from './refusal.ts';

export { DISK_FULL, LedgerError, type LedgerFault, MAX_EVENT_BYTES } from './ledger-fault.ts';

/** What a stream must look like for an append to go through: an exact revision (from 0) or a condition. */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

export interface NewEvent {
  /** A UUID. The same id at the same expected revision is the same append. */
  readonly id: string;
  readonly type: string;
  /** JSON-safe. */
  readonly data: unknown;
  /** JSON-safe. */
  readonly metadata: unknown;
}

/** Of the last event appended. */
export interface Appended {
  readonly revision: number;
  readonly position: string;
}

/** What a subscription delivers, in the order of the ledger. */
export type Delivery =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  /** Nothing of ours up to here: a place to go on from. */
  | { readonly kind: 'checkpoint'; readonly position: string }
  /** All that was there has been delivered; what follows is live. */
  | { readonly kind: 'caughtUp' };

export interface ReadAllOptions {
  /** Exclusive; from the beginning where it is left out. */
  readonly after?: string | null;
  /** Inclusive. */
  readonly through?: string | null;
  readonly signal?: AbortSignal;
}

/** All streams together in one order. Every adapter passes the same contract suite. */
export interface Ledger {
  /**
   * All of the events or none. Once the promise resolves, the events survive a killed process.
   * @throws LedgerError
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;
  /** A stream's events from a revision on (inclusive); nothing where there is no such stream. */
  readStream(
    stream: string,
    options?: { readonly from?: number; readonly limit?: number },
  ): AsyncIterable<StoredEvent>;
  readAll(options?: ReadAllOptions): AsyncIterable<StoredEvent>;
  /** Goes on until the loop is left or the signal fires, also when the store goes away and comes back. */
  subscribe(options: Pick<ReadAllOptions, 'after' | 'signal'>): AsyncIterable<Delivery>;
  /** The position of the newest event, null where there is none. */
  head(): Promise<string | null>;
  /** Below 0 where `a` is before `b`, 0 where they are the same, above 0 where it is after. */
  compare(a: string, b: string): number;
  close(): Promise<void>;
}

/** Who asked for what and where: what every event of a command records. */
export interface Cause {
  readonly commandId: string;
  readonly actor: string;
  readonly scope: string;
  readonly channel: string;
  readonly origin: Metadata['origin'];
  /** The event that led to this command; the command itself where it came from a person. */
  readonly causationId?: string;
  readonly correlationId?: string;
}

export interface Handled<Event extends DomainEvent> {
  /** Empty where the command changed nothing. */
  readonly events: readonly Event[];
  /** Where the ledger must be read up to for these events to be seen; null where nothing was appended. */
  readonly position: string | null;
}

/** What a command is handled with. */
export interface Handling {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Of this ledger, shared by all that write to it; where it is left out, nothing is remembered. */
  readonly streams?: FoldedStreams;
}

const MAX_ATTEMPTS = 20;

/**
 * The one way a command reaches the ledger: fold the stream, decide, append at exactly the revision folded. A
 * conflict is decided again on what has come since. A command that is already in the stream is not decided again:
 * its events cannot be appended at another revision, and where it would change nothing now, or is refused, the
 * whole stream is looked through for it.
 * @throws Refusal where the decider refuses, LedgerError where the ledger fails, UnreadableEvent where the stream
 * holds what this program cannot read, TypeError for an event that does not fit its own schema
 */
export function handle<Command, State, Event extends DomainEvent>(
  { ledger, clock, streams = new FoldedStreams() }: Handling,
  stream: string,
  decider: Decider<Command, State, Event>,
  command: Command,
  cause: Cause,
): Promise<Handled<Event>> {
  const handling = { ledger, clock, streams, stream, decider, command, cause };
  return streams.inTurn(stream, () => decideAndAppend(handling));
}

interface Task<Command, State, Event extends DomainEvent> extends Required<Handling> {
  readonly stream: string;
  readonly decider: Decider<Command, State, Event>;
  readonly command: Command;
  readonly cause: Cause;
}

async function decideAndAppend<Command, State, Event extends DomainEvent>(
  task: Task<Command, State, Event>,
): Promise<Handled<Event>> {
  const { streams, stream, decider, command } = task;
  const remembered = streams.recall(stream, decider);
  let loaded =
    remembered === undefined ? await load(task) : { ...remembered, isWhole: false, repeated: null };
  for (let attempt = 1; ; ) {
    if (loaded.repeated !== null) return loaded.repeated;
    const decision = decider.decide(command, loaded.state);
    const changesNothing = decision instanceof Refusal || decision.length === 0;
    if (!changesNothing) {
      const outcome = await append(task, loaded, decision);
      if ('events' in outcome) return outcome;
      if (attempt++ === MAX_ATTEMPTS) throw outcome.conflict;
      loaded = outcome.loaded;
    } else if (!loaded.isWhole) {
      loaded = await load(task);
    } else {
      if (decision instanceof Refusal) throw decision;
      return { events: [], position: null };
    }
  }
}

/** Either it went through, or others were faster and the stream was read on. */
async function append<Command, State, Event extends DomainEvent>(
  task: Task<Command, State, Event>,
  before: Loaded<State, Event>,
  events: readonly Event[],
): Promise<Handled<Event> | { readonly conflict: unknown; readonly loaded: Loaded<State, Event> }> {
  const { ledger, streams, stream, decider } = task;
  const appended = newEvents(task, events);
  try {
    const { revision, position } = await ledger.append(stream, before.revision ?? 'no_stream', appended);
    streams.remember(stream, decider, { state: events.reduce(decider.evolve, before.state), revision });
    return { events, position };
  } catch (error) {
    streams.forget(stream);
    if (!isConflict(error)) throw error;
    const since = await load(task, before);
    // Where nothing has come since, only the command itself, appended long before, can stand in the way.
    return { conflict: error, loaded: since.revision === before.revision ? await load(task) : since };
  }
}

function newEvents<Command, State, Event extends DomainEvent>(
  { clock, stream, cause }: Task<Command, State, Event>,
  decision: readonly Event[],
): readonly NewEvent[] {
  const time = clock.now().toISOString();
  const events = decision.map(
    (event, index): NewEvent => ({
      id: deriveId(cause.commandId, stream, index),
      type: event.type,
      data: event.data,
      metadata: metadataOf(cause, event, time),
    }),
  );
  for (const event of events) checkReadable(event, stream);
  return events;
}

/** What cannot be read back would stop every reader of the ledger. @throws TypeError */
function checkReadable(event: NewEvent, stream: string): void {
  try {
    decodeEvent({ ...event, stream, revision: 0, position: '' });
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    throw new TypeError(`a ${event.type} for ${stream} does not fit its schema`, { cause: error });
  }
}

/** A stream folded, and what a command is known to have led to in it. */
interface Loaded<State, Event extends DomainEvent> extends Folded<State> {
  /** Whether every event of the stream was looked at. */
  readonly isWhole: boolean;
  readonly repeated: Handled<Event> | null;
}

/** @param from what was folded before, to go on from */
async function load<Command, State, Event extends DomainEvent>(
  { ledger, streams, stream, decider, cause }: Task<Command, State, Event>,
  from?: Loaded<State, Event>,
): Promise<Loaded<State, Event>> {
  let { state, revision }: Folded<State> = from ?? { state: decider.initial, revision: null };
  const repeated: (Event & Pick<Recorded, 'position'>)[] = [];
  for await (const stored of ledger.readStream(stream, { from: revision === null ? 0 : revision + 1 })) {
    const event = decodeEvent(stored);
    if (!decider.takes(event)) throw new Error(`${event.type} does not belong in the stream ${stream}`);
    state = decider.evolve(state, event);
    revision = event.revision;
    if (event.metadata.commandId === cause.commandId) repeated.push(event);
  }
  streams.remember(stream, decider, { state, revision });
  const last = repeated.at(-1);
  return {
    state,
    revision,
    isWhole: from?.isWhole ?? true,
    repeated: last === undefined ? null : { events: repeated, position: last.position },
  };
}

function metadataOf(cause: Cause, event: DomainEvent, time: string): Metadata {
  const { commandId, actor, scope, channel, origin } = cause;
  return {
    actor,
    scope,
    channel,
    origin,
    commandId,
    causationId: cause.causationId ?? commandId,
    correlationId: cause.correlationId ?? commandId,
    time,
    schemaVersion: schemaVersion(event.type),
  };
}

function isConflict(error: unknown): boolean {
  return error instanceof LedgerError && error.fault.kind === 'conflict';
}
