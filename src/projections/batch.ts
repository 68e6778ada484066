import { decodeEvent, type Recorded, type StoredEvent, UnreadableEvent } from '../domain/events.ts';
import { STREAM_PREFIX } from '../domain/streams.ts';
import type { Generation } from './generation.ts';

/** Events are written so many at a time: a transaction for each would take longer, and more would hold up others. */
const FULL = 500;

/** What was read from the ledger and is to be written in one transaction. */
export class Batch {
  #events: Recorded[] = [];
  #read = 0;
  #position: string | null = null;

  get isFull(): boolean {
    return this.#read >= FULL;
  }

  /** @throws UnreadableEvent that names the event */
  add(stored: StoredEvent): void {
    if (stored.stream.startsWith(STREAM_PREFIX)) this.#events.push(decode(stored));
    this.skipTo(stored.position);
  }

  /** Nothing of ours stands up to here. */
  skipTo(position: string): void {
    this.#position = position;
    this.#read++;
  }

  /** Writes what was added, if anything was, and is empty again. */
  writeTo(generation: Generation): void {
    if (this.#position === null) return;
    generation.apply(this.#events, this.#position);
    this.#events = [];
    this.#read = 0;
    this.#position = null;
  }
}

function decode(stored: StoredEvent): Recorded {
  try {
    return decodeEvent(stored);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    const { id, stream, revision } = stored;
    throw new UnreadableEvent(
      `The read models cannot go on past event ${id} (revision ${revision} of ${stream}): ${error.message}`,
      { cause: error },
    );
  }
}
