import type { StoredEvent } from '../../src/domain/events.ts';
import {
  type Appended,
  type Delivery,
  type ExpectedRevision,
  type Ledger,
  LedgerError,
  MAX_EVENT_BYTES,
  type NewEvent,
  type ReadAllOptions,
} from '../../src/domain/ledger.ts';

/** Positions rise by more than one, and as texts they are not in order: nobody may compute with them. */
const POSITION_STEP = 7;

/** A ledger that lives as long as the test. Content goes through JSON, as in a real one. */
export class MemoryLedger implements Ledger {
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #grown = new Set<() => void>();
  #closed = false;

  get size(): number {
    return this.#events.length;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    this.#checkOpen();
    const known = this.#streams.get(stream) ?? [];
    const repeated = repeatedAppend(known, expected, events);
    if (repeated !== undefined) return repeated;
    const actual = known.at(-1)?.revision ?? 'no_stream';
    if (!isAsExpected(expected, actual) || known.some(({ id }) => events.some((event) => event.id === id))) {
      throw new LedgerError({ kind: 'conflict', stream, actual });
    }
    const stored = events.map((event, index): StoredEvent => {
      const content = JSON.stringify([event.data, event.metadata]);
      const bytes = Buffer.byteLength(content);
      if (bytes > MAX_EVENT_BYTES) throw new LedgerError({ kind: 'too_large', bytes });
      const [data, metadata]: unknown[] = JSON.parse(content);
      const { id, type } = event;
      const position = String((this.#events.length + index + 1) * POSITION_STEP);
      return { id, stream, revision: known.length + index, position, type, data, metadata };
    });
    this.#streams.set(stream, [...known, ...stored]);
    this.#events.push(...stored);
    for (const notify of this.#grown) notify();
    const last = stored.at(-1) ?? known.at(-1);
    if (last === undefined) throw new RangeError('nothing was appended');
    return { revision: last.revision, position: last.position };
  }

  async *readStream(stream: string, { from = 0, limit = Number.POSITIVE_INFINITY } = {}) {
    this.#checkOpen();
    yield* (this.#streams.get(stream) ?? []).slice(from, from + limit);
  }

  async *readAll({ after = null, through = null, signal }: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    this.#checkOpen();
    const end = through === null ? this.#events.length : indexAfter(through);
    for (let index = after === null ? 0 : indexAfter(after); index < end; index++) {
      if (signal?.aborted) return;
      const event = this.#events[index];
      if (event === undefined) return;
      yield event;
    }
  }

  async *subscribe({
    after = null,
    signal,
  }: Pick<ReadAllOptions, 'after' | 'signal'>): AsyncGenerator<Delivery> {
    let index = after === null ? 0 : indexAfter(after);
    let caughtUp = false;
    while (!signal?.aborted && !this.#closed) {
      const event = this.#events[index];
      if (event !== undefined) {
        index++;
        yield { kind: 'event', event };
      } else if (!caughtUp) {
        caughtUp = true;
        yield { kind: 'caughtUp' };
      } else await this.#growth(signal);
    }
  }

  async head(): Promise<string | null> {
    this.#checkOpen();
    return this.#events.at(-1)?.position ?? null;
  }

  compare(a: string, b: string): number {
    return Number(a) - Number(b);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const notify of this.#grown) notify();
  }

  async #growth(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#grown.add(resolve);
    signal?.addEventListener('abort', () => resolve());
    await promise;
    this.#grown.delete(resolve);
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new LedgerError({ kind: 'unavailable', reason: 'it has been closed', written: 'no' });
  }
}

function indexAfter(position: string): number {
  return Math.floor(Number(position) / POSITION_STEP);
}

function isAsExpected(expected: ExpectedRevision, actual: number | 'no_stream'): boolean {
  if (expected === 'any') return true;
  if (expected === 'stream_exists') return actual !== 'no_stream';
  return expected === actual;
}

function repeatedAppend(
  known: readonly StoredEvent[],
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Appended | undefined {
  const start = known.findIndex(({ id }) => id === events[0]?.id);
  if (start < 0) return undefined;
  if (
    expected !== 'any' &&
    expected !== 'stream_exists' &&
    expected !== (start === 0 ? 'no_stream' : start - 1)
  )
    return undefined;
  const found = known.slice(start, start + events.length);
  const last = found.at(-1);
  const same = found.length === events.length && found.every(({ id }, index) => id === events[index]?.id);
  return same && last !== undefined ? { revision: last.revision, position: last.position } : undefined;
}
