import { decodeEvent, type Recorded, type StoredEvent } from '../domain/events.ts';
import { STREAM_PREFIX } from '../domain/streams.ts';
import type { Generation } from './generation.ts';

/**
 * How much is written in one transaction, in about as many characters: some 500 ordinary events, which hold up
 * others for a few milliseconds. Of more, much would outlive the garbage collector's first look, which costs time.
 */
const FULL = 500_000;

/** What an event weighs where nothing in it is long. */
const ORDINARY_WEIGHT = 1_000;
const EXAMPLE_WEIGHT = 100;

/** What was read from the ledger and is to be written in one transaction. */
export class Batch {
  #events: Recorded[] = [];
  #weight = 0;
  #position: string | null = null;

  get isFull(): boolean {
    return this.#weight >= FULL;
  }

  /** @throws UnreadableEvent that names the event */
  add(stored: StoredEvent): void {
    if (stored.stream.startsWith(STREAM_PREFIX)) {
      const event = decodeEvent(stored);
      this.#events.push(event);
      this.#weight += weightOf(event);
    }
    this.skipTo(stored.position);
  }

  /** Nothing of ours stands up to here. */
  skipTo(position: string): void {
    this.#position = position;
    this.#weight++;
  }

  /** Writes what was added, if anything was, and is empty again. */
  writeTo(generation: Generation): void {
    if (this.#position === null) return;
    generation.apply(this.#events, this.#position);
    this.#events = [];
    this.#weight = 0;
    this.#position = null;
  }
}

function weightOf(event: Recorded): number {
  switch (event.type) {
    case 'DatasetExamplesListed':
      return event.data.examples.length * EXAMPLE_WEIGHT;
    case 'EvaluationRun':
      return ORDINARY_WEIGHT + event.data.results.length * EXAMPLE_WEIGHT;
    case 'PredictionMade':
    case 'PredictionFailed':
      return event.data.messages.reduce((weight, { content }) => weight + content.length, ORDINARY_WEIGHT);
    case 'CorrectionGiven':
    case 'CorrectionApproved': {
      const { text, question } = event.data;
      return ORDINARY_WEIGHT + (text?.length ?? 0) + (question?.length ?? 0);
    }
    default:
      return ORDINARY_WEIGHT;
  }
}
