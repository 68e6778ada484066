import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type StoredEvent, UnreadableEvent } from '../../../domain/events.ts';
import type { Delivery, ReadAllOptions } from '../../../domain/ledger.ts';
import type { KnownIds } from './known-ids.ts';
import { isAway, Patience } from './patience.ts';
import { comparePositions, formatPosition, isInLog, type LogPosition, parsePosition } from './position.ts';
import { endOfStream, ourEventsAfter, ourEventsFrom, ourNewestEvent, streamFrom } from './read-requests.ts';
import type { Stretch } from './reading-thread.ts';
import type { ServerConnection } from './server-connection.ts';
import { silentServer } from './store-trouble.ts';
import { isOfServer, positionOf, type RecordedEvent, recordedIn, storedEvent } from './stored-event.ts';

export interface StoreReaderOptions {
  readonly connection: ServerConnection;
  /** For subscriptions: the client takes one that is dropped for a reason to connect anew, under all other calls. */
  readonly following: ServerConnection;
  readonly knownIds: KnownIds;
  /** In ms: of every call, and of silence within one. */
  readonly deadline: number;
  /** In ms: how long a server is waited for that is away; as long as the deadline where it is left out. */
  readonly patience?: number;
  /** Fires when the ledger is closed. */
  readonly closed: AbortSignal;
}

/** After so many deadlines of silence a subscription looks whether it should have been told something. */
const DEADLINES_OF_SILENCE = 2;

/** Reads from the leader, and goes on where it stopped when the leader changes or the server was away. */
export class StoreReader {
  readonly #options: StoreReaderOptions;

  constructor(options: StoreReaderOptions) {
    this.#options = options;
  }

  /** @throws StoreError, UnreadableEvent */
  async *readStream(stream: string, from: number, limit: number): AsyncGenerator<StoredEvent> {
    const { knownIds } = this.#options;
    const patience = this.#patience();
    let left = limit;
    let next = from;
    while (left > 0) {
      try {
        for await (const batch of this.#incoming(streamFrom(stream, next, left))) {
          for (const message of batch) {
            const recorded = recordedIn(message);
            if (recorded === undefined) continue;
            const event = storedEvent(recorded);
            knownIds.add(stream, next - 1, event.revision, event.id);
            next = event.revision + 1;
            left--;
            patience.renew();
            yield event;
          }
        }
        return;
      } catch (error) {
        await patience.afterFailure(error, this.#options.closed);
      }
    }
  }

  /** A stream's newest event, null where there is none. @throws StoreError */
  async newestOf(stream: string): Promise<StoredEvent | null> {
    return this.#first(() => endOfStream(stream));
  }

  /** The newest event of ours. @throws StoreError */
  async newest(): Promise<StoredEvent | null> {
    return this.#first(ourNewestEvent);
  }

  /** The first event of ours. @throws StoreError */
  async oldest(): Promise<StoredEvent | null> {
    return this.#first(() => ourEventsFrom(null, 1));
  }

  /** @throws StoreError, the signal's reason when it fires */
  async *readAll({ after = null, through = null, signal }: ReadAllOptions): AsyncGenerator<StoredEvent> {
    const last = through === null ? null : parsePosition(through);
    const cursor = new Cursor(after);
    const patience = this.#patience();
    while (!cursor.hasReached(last)) {
      signal?.throwIfAborted();
      try {
        yield* this.#readOn(cursor, last, patience, signal);
        return;
      } catch (error) {
        await patience.afterFailure(error, this.#stop(signal));
      }
    }
  }

  /** In one call. */
  async *#readOn(
    cursor: Cursor,
    last: LogPosition | null,
    patience: Patience,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<StoredEvent> {
    for await (const batch of this.#recorded(cursor.at, last, signal)) {
      for (const recorded of batch) {
        const event = storedEvent(recorded);
        cursor.moveTo(positionOf(recorded));
        if (!isOfServer(event)) yield event;
        signal?.throwIfAborted();
      }
      patience.renew();
    }
    signal?.throwIfAborted();
  }

  /** What a stretch holds, as it was recorded, in one call; as many at once as have come. @throws StoreError */
  recorded({ after, through }: Stretch): AsyncGenerator<readonly RecordedEvent[]> {
    return this.#recorded(parsePosition(after), through === null ? null : parsePosition(through));
  }

  async *#recorded(
    after: LogPosition | null,
    through: LogPosition | null,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const batch of this.#incoming(ourEventsFrom(after), signal)) {
      const events = batch.map(recordedIn).filter((recorded) => recorded !== undefined);
      // A read includes where it starts.
      const beyondStart = events.filter((event) => after === null || compare(event, after) > 0);
      const within = beyondStart.filter((event) => through === null || compare(event, through) <= 0);
      yield within;
      if (within.length < beyondStart.length) return;
    }
  }

  /**
   * Goes on until it is left or one of the signals fires, however long the server is away.
   * @throws UnreadableEvent, which whoever goes on after the last delivery meets again
   */
  async *subscribe({
    after = null,
    signal,
  }: Pick<ReadAllOptions, 'after' | 'signal'>): AsyncGenerator<Delivery> {
    const subscription = { cursor: new Cursor(after), isLive: false };
    const patience = new Patience(Number.POSITIVE_INFINITY);
    const stop = this.#stop(signal);
    while (!stop.aborted) {
      try {
        yield* this.#followOn(subscription, patience, stop);
        await patience.afterFailure(silentServer(), stop);
      } catch (error) {
        if (error instanceof UnreadableEvent) throw error;
        // What is refused now, such as a password that has been changed, may be mended too.
        await patience.afterFailure(isAway(error) ? error : silentServer(), stop);
      }
    }
  }

  /** In one call. */
  async *#followOn(
    subscription: { readonly cursor: Cursor; isLive: boolean },
    patience: Patience,
    stop: AbortSignal,
  ): AsyncGenerator<Delivery> {
    const { cursor } = subscription;
    const isQuiet = () => this.#isNothingAfter(cursor.at);
    const { following } = this.#options;
    for await (const batch of this.#incoming(ourEventsAfter(cursor.at), stop, isQuiet, following)) {
      for (const message of batch) {
        const reached = reachedBy(message);
        if (reached !== null && cursor.isBefore(reached)) {
          const delivery = deliveryOf(message, reached);
          cursor.moveTo(reached);
          yield delivery;
        } else if (message.hasCaughtUp() && !subscription.isLive) {
          subscription.isLive = true;
          yield { kind: 'caughtUp' };
        }
        if (stop.aborted) return;
      }
      patience.renew();
    }
  }

  async #first(request: () => streams.ReadReq): Promise<StoredEvent | null> {
    const patience = this.#patience();
    for (;;) {
      try {
        for await (const batch of this.#incoming(request())) {
          for (const message of batch) {
            const recorded = recordedIn(message);
            if (recorded !== undefined) return storedEvent(recorded);
          }
        }
        return null;
      } catch (error) {
        await patience.afterFailure(error, this.#options.closed);
      }
    }
  }

  /** A subscription that says nothing may have nothing to say, or have been forgotten by its server. */
  async #isNothingAfter(at: LogPosition | null): Promise<boolean> {
    const newest = await this.newest();
    return newest === null || (at !== null && comparePositions(parsePosition(newest.position), at) <= 0);
  }

  /**
   * The messages of one call, as many at once as have come. The call is closed however the loop is left.
   * @param isQuiet asked where nothing came for long: whether it is right that nothing comes
   * @throws StoreError
   */
  async *#incoming(
    request: streams.ReadReq,
    signal?: AbortSignal,
    isQuiet?: () => Promise<boolean>,
    connection = this.#options.connection,
  ): AsyncGenerator<readonly streams.ReadResp[]> {
    const { deadline } = this.#options;
    const stop = this.#stop(signal);
    const messages = await connection.read(request, deadline);
    let silence = deadline;
    try {
      while (!stop.aborted) {
        const ready = messages.takeReady();
        if (ready.length > 0) {
          // Only what has answered at all may be quiet.
          if (isQuiet !== undefined) silence = deadline * DEADLINES_OF_SILENCE;
          yield ready;
        } else if (messages.hasEnded) {
          return;
        } else if (!(await messages.wait(silence, stop))) {
          const isRight = silence > deadline && (await isQuiet?.());
          if (isRight !== true) throw await givenUp(connection);
        }
      }
    } catch (error) {
      throw connection.errorOf(error);
    } finally {
      messages.cancel();
    }
  }

  #patience(): Patience {
    const { deadline, patience = deadline } = this.#options;
    return new Patience(patience);
  }

  #stop(signal: AbortSignal | undefined): AbortSignal {
    const { closed } = this.#options;
    return signal === undefined ? closed : AbortSignal.any([closed, signal]);
  }
}

async function givenUp(connection: ServerConnection): Promise<Error> {
  await connection.giveUpNode();
  return silentServer();
}

/** How far the log has been read. */
class Cursor {
  #at: LogPosition | null;

  constructor(after: string | null) {
    this.#at = after === null ? null : parsePosition(after);
  }

  get at(): LogPosition | null {
    return this.#at;
  }

  moveTo(position: LogPosition): void {
    this.#at = position;
  }

  isBefore(position: LogPosition): boolean {
    return this.#at === null || comparePositions(position, this.#at) > 0;
  }

  hasReached(last: LogPosition | null): boolean {
    return last !== null && this.#at !== null && comparePositions(this.#at, last) >= 0;
  }
}

function compare(recorded: RecordedEvent, position: LogPosition): number {
  return comparePositions(positionOf(recorded), position);
}

/** How far a message of a subscription has come; null where it says nothing of that. */
function reachedBy(message: streams.ReadResp): LogPosition | null {
  const recorded = recordedIn(message);
  if (recorded !== undefined) return positionOf(recorded);
  const checkpoint = message.getCheckpoint();
  if (checkpoint === undefined) return null;
  const position = positionOf(checkpoint);
  // Servers have reported 2^64-1, after which nothing would ever come.
  return isInLog(position) ? position : null;
}

function deliveryOf(message: streams.ReadResp, reached: LogPosition): Delivery {
  const recorded = recordedIn(message);
  const event = recorded === undefined ? null : storedEvent(recorded);
  return event === null || isOfServer(event)
    ? { kind: 'checkpoint', position: formatPosition(reached) }
    : { kind: 'event', event };
}
