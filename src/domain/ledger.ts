import type { Decider } from './decider.ts';
import {
  type DomainEvent,
  decodeEvent,
  type Metadata,
  type Recorded,
  type StoredEvent,
  schemaVersion,
} from './events.ts';
import { deriveId } from './identifiers.ts';
import type { Clock } from './ports.ts';
import { Refusal } from './refusal.ts';

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

/** No event may be larger: data and metadata as UTF-8 JSON, in bytes. */
export const MAX_EVENT_BYTES = 900 * 1024;

export type LedgerFault =
  | { readonly kind: 'conflict'; readonly stream: string; readonly actual: number | 'no_stream' }
  | { readonly kind: 'too_large'; readonly bytes: number }
  | { readonly kind: 'not_json'; readonly reason: string }
  /** `written` is `unknown` where the append may or may not have gone through. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly written: 'no' | 'unknown' };

/** The closed set of what can go wrong with a ledger. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly fault: LedgerFault;

  constructor(fault: LedgerFault, options?: ErrorOptions) {
    super(describeFault(fault), options);
    this.fault = fault;
  }
}

function describeFault(fault: LedgerFault): string {
  switch (fault.kind) {
    case 'conflict':
      return `stream ${fault.stream} is at revision ${fault.actual}`;
    case 'too_large':
      return `an event of ${fault.bytes} bytes is over the limit of ${MAX_EVENT_BYTES}`;
    case 'not_json':
      return `an event cannot be kept as JSON: ${fault.reason}`;
    case 'unavailable':
      return `the ledger is unavailable: ${fault.reason}`;
  }
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

const MAX_ATTEMPTS = 20;

/**
 * The one way a command reaches the ledger: read the stream, decide, append at exactly the revision read.
 * A command that is already in the stream is not decided again; a conflict is decided again on the fresh state.
 * @throws Refusal where the decider refuses, LedgerError where the ledger fails, UnreadableEvent for an event
 * that does not fit its own schema
 */
export async function handle<Command, State, Event extends DomainEvent>(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
  stream: string,
  decider: Decider<Command, State, Event>,
  command: Command,
  cause: Cause,
): Promise<Handled<Event>> {
  for (let attempt = 1; ; attempt++) {
    const { state, revision, repeated } = await load(ledger, stream, decider, cause.commandId);
    const last = repeated.at(-1);
    if (last !== undefined) return { events: repeated, position: last.position };

    const decision = decider.decide(command, state);
    if (decision instanceof Refusal) throw decision;
    if (decision.length === 0) return { events: [], position: null };

    const time = clock.now().toISOString();
    const appended = decision.map(
      (event, index): NewEvent => ({
        id: deriveId(cause.commandId, stream, index),
        type: event.type,
        data: event.data,
        metadata: metadataOf(cause, event, time),
      }),
    );
    // What cannot be read back would stop every reader of the ledger.
    for (const event of appended) decodeEvent({ ...event, stream, revision: 0, position: '' });
    try {
      const { position } = await ledger.append(stream, revision, appended);
      return { events: decision, position };
    } catch (error) {
      if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function load<Command, State, Event extends DomainEvent>(
  ledger: Ledger,
  stream: string,
  decider: Decider<Command, State, Event>,
  commandId: string,
) {
  let state = decider.initial;
  let revision: ExpectedRevision = 'no_stream';
  const repeated: (Event & Pick<Recorded, 'id' | 'position'>)[] = [];
  for await (const stored of ledger.readStream(stream)) {
    const event = decodeEvent(stored);
    if (!decider.takes(event)) throw new Error(`${event.type} does not belong in the stream ${stream}`);
    state = decider.evolve(state, event);
    revision = event.revision;
    if (event.metadata.commandId === commandId) repeated.push(event);
  }
  return { state, revision, repeated };
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
