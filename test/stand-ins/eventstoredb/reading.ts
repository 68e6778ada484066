import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Cluster, Member } from './cluster.ts';
import { type RpcError, rpcErrors } from './errors.ts';
import type { EventLog, LoggedEvent, LogPosition } from './event-log.ts';
import { isGone } from './expected-revision.ts';
import { Failed, type Gate } from './gate.ts';
import {
  caughtUp,
  checkpoint,
  confirmation,
  eventMessage,
  streamNameOf,
  streamNotFound,
} from './messages.ts';
import { rpcErrorOf } from './writing.ts';

/** Events of the log that are looked at in one turn; a checkpoint stands after a multiple of these. */
const SEARCH_WINDOW = 32;

export type ReadCall = ServerWritableStream<streams.ReadReq, Buffer>;

export interface ReaderOptions {
  readonly log: EventLog;
  readonly gate: Gate;
  readonly cluster: Cluster;
  readonly node: Member;
}

/** Reads and subscriptions. */
export class ReaderService {
  readonly #options: ReaderOptions;
  readonly #open = new Set<Reading>();
  /** Between one message and the next, in ms. */
  delay = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Those that have not been ended by either side. */
  get openReads(): number {
    return [...this.#open].filter(({ isSubscription }) => !isSubscription).length;
  }

  get openSubscriptions(): number {
    return [...this.#open].filter(({ isSubscription }) => isSubscription).length;
  }

  /** What every subscription is told next. */
  tellSubscriptions(message: Buffer): void {
    for (const reading of this.#open) if (reading.isSubscription) reading.interject(message);
  }

  dropSubscriptions(error: RpcError = rpcErrors.dropped()): void {
    for (const reading of this.#open) if (reading.isSubscription) reading.fail(error);
  }

  read = (call: ReadCall): void => {
    void this.#carryOut(call);
  };

  async #carryOut(call: ReadCall): Promise<void> {
    const { gate, log, cluster, node } = this.#options;
    const reading = new Reading(call, log, () => this.delay);
    this.#open.add(reading);
    reading.ended.then(() => this.#open.delete(reading));
    try {
      gate.admit(call.metadata);
      await gate.pass('read', call.metadata, 'before');
      if (call.metadata.get('requires-leader')[0] === 'true') {
        const refusal = cluster.refusalOf(node);
        if (refusal !== null) throw new Failed(refusal);
      }
      await reading.run();
      if (reading.hasEnded) return;
      await gate.pass('read', call.metadata, 'after');
      call.end();
    } catch (error) {
      reading.fail(rpcErrorOf(error));
    }
  }
}

/** One call. */
class Reading {
  readonly isSubscription: boolean;
  readonly ended: Promise<void>;
  readonly #call: ReadCall;
  readonly #log: EventLog;
  readonly #delay: () => number;
  readonly #options: streams.ReadReq.Options;
  #interjected: Buffer[] = [];
  #hasEnded = false;
  #wake = Promise.withResolvers<void>();

  constructor(call: ReadCall, log: EventLog, delay: () => number) {
    const options = call.request.getOptions();
    if (options === undefined) throw new Error('a read must have options');
    this.#call = call;
    this.#log = log;
    this.#delay = delay;
    this.#options = options;
    this.isSubscription = options.hasSubscription();
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    const end = () => {
      this.#hasEnded = true;
      this.#wake.resolve();
      ended.resolve();
    };
    call.on('cancelled', end).on('finish', end).on('close', end).on('error', end);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  interject(message: Buffer): void {
    this.#interjected.push(message);
    this.#wake.resolve();
  }

  fail(error: RpcError): void {
    if (this.#hasEnded) return;
    // The server library sends its status for this event alone, and nothing for a stream that was destroyed.
    this.#call.emit('error', Object.assign(new Error(error.details), error));
  }

  run(): Promise<void> {
    if (this.isSubscription) return this.#subscribe();
    return this.#options.hasStream() ? this.#readStream() : this.#readAll();
  }

  async #readStream(): Promise<void> {
    const options = this.#options.getStream();
    const name = streamNameOf(options?.getStreamIdentifier());
    const stream = this.#log.stream(name);
    if (stream?.isTombstoned === true) throw new Failed(rpcErrors.streamDeleted(name));
    if (stream === undefined || isGone(stream)) return this.#send(streamNotFound(name));
    const { events, visibleFrom } = stream;
    if (this.#isBackwards) {
      const from =
        options?.hasEnd() === false && !options.hasStart() ? Number(options.getRevision()) : Infinity;
      return this.#sendEvents(downwards(events, Math.min(from, events.length - 1), visibleFrom));
    }
    const from = options?.hasRevision() === true ? Number(options.getRevision()) : 0;
    return this.#sendEvents(upwards(events, Math.max(from, visibleFrom)));
  }

  async #readAll(): Promise<void> {
    const all = this.#options.getAll();
    const position = positionOf(all);
    const { events } = this.#log;
    const matches = matcher(this.#options);
    if (this.#isBackwards) {
      // Backwards the position itself is left out.
      const end = position === null ? events.length : this.#log.indexFrom(position, true);
      return this.#sendEvents(
        filtered(downwards(events, all?.hasStart() === true ? -1 : end - 1, 0), matches),
      );
    }
    const start = position === null ? 0 : this.#log.indexFrom(position, true);
    return this.#sendEvents(
      filtered(upwards(events, all?.hasEnd() === true ? events.length : start), matches),
    );
  }

  async #subscribe(): Promise<void> {
    await this.#send(confirmation(crypto.randomUUID()));
    const stopListening = this.#log.onGrowth(() => this.#wake.resolve());
    try {
      await (this.#options.hasAll() ? this.#followAll() : this.#followStream());
    } finally {
      stopListening();
    }
  }

  async #followAll(): Promise<void> {
    const all = this.#options.getAll();
    const position = positionOf(all);
    const { events } = this.#log;
    const matches = matcher(this.#options);
    const every = checkpointInterval(this.#options);
    let next = all?.hasEnd() === true ? events.length : 0;
    if (position !== null) next = this.#log.indexFrom(position, false);
    let considered = 0;
    await this.#follow(async () => {
      const event = events[next];
      if (event === undefined) return false;
      next++;
      if (matches(event)) await this.#send(eventMessage(event));
      considered++;
      if (every !== null && considered % every === 0) await this.#send(checkpoint(event));
      return true;
    });
  }

  async #followStream(): Promise<void> {
    const options = this.#options.getStream();
    const name = streamNameOf(options?.getStreamIdentifier());
    const count = this.#log.stream(name)?.events.length ?? 0;
    let next = 0;
    if (options?.hasEnd() === true) next = count;
    if (options?.hasRevision() === true) next = Number(options.getRevision()) + 1;
    await this.#follow(async () => {
      const event = this.#log.stream(name)?.events[next];
      if (event === undefined) return false;
      next++;
      await this.#send(eventMessage(event));
      return true;
    });
  }

  /** @param step delivers the next event; false where there is none yet */
  async #follow(step: () => Promise<boolean>): Promise<void> {
    let isLive = false;
    while (!this.#hasEnded) {
      for (const message of this.#interjected.splice(0)) await this.#send(message);
      if (await step()) continue;
      if (!isLive) {
        isLive = true;
        await this.#send(caughtUp());
        continue;
      }
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
      if (this.#hasEnded) this.#wake.resolve();
    }
  }

  get #isBackwards(): boolean {
    return this.#options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  }

  async #sendEvents(events: Iterable<LoggedEvent>): Promise<void> {
    let left = BigInt(this.#options.getCount());
    for (const event of events) {
      if (left === 0n || this.#hasEnded) return;
      left--;
      await this.#send(eventMessage(event));
    }
  }

  /** Waits where the client is slower. */
  #send(message: Buffer): Promise<void> | void {
    if (this.#hasEnded) return;
    const hasRoom = this.#call.write(message);
    if (!hasRoom || this.#delay() > 0) return this.#wait(hasRoom);
  }

  async #wait(hasRoom: boolean): Promise<void> {
    if (!hasRoom) await Promise.race([once(this.#call, 'drain'), this.ended]);
    if (this.#delay() > 0) await pause(this.#delay());
  }
}

function* upwards(events: readonly LoggedEvent[], from: number): Generator<LoggedEvent> {
  for (let index = from; ; index++) {
    const event = events[index];
    if (event === undefined) return;
    yield event;
  }
}

function* downwards(events: readonly LoggedEvent[], from: number, to: number): Generator<LoggedEvent> {
  for (let index = from; index >= to; index--) {
    const event = events[index];
    if (event !== undefined) yield event;
  }
}

function* filtered(
  events: Iterable<LoggedEvent>,
  matches: (event: LoggedEvent) => boolean,
): Generator<LoggedEvent> {
  for (const event of events) if (matches(event)) yield event;
}

function positionOf(all: streams.ReadReq.Options.AllOptions | undefined): LogPosition | null {
  const position = all?.getPosition();
  if (position === undefined) return null;
  return { commit: Number(position.getCommitPosition()), prepare: Number(position.getPreparePosition()) };
}

function matcher(options: streams.ReadReq.Options): (event: LoggedEvent) => boolean {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const onStream = filter.getStreamIdentifier();
  const expression = onStream ?? filter.getEventType();
  const regex = expression?.getRegex() ?? '';
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = regex === '' ? null : new RegExp(regex);
  return ({ stream, type }) => {
    const name = onStream === undefined ? type : stream;
    return pattern?.test(name) ?? prefixes.some((prefix) => name.startsWith(prefix));
  };
}

/** After how many events of the log there is a checkpoint; null where there is none. */
function checkpointInterval(options: streams.ReadReq.Options): number | null {
  const filter = options.getFilter();
  if (filter === undefined) return null;
  const window = filter.hasMax() ? filter.getMax() : SEARCH_WINDOW;
  return window * filter.getCheckpointintervalmultiplier();
}
