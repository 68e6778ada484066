import type { SerialisedEvent } from '../../../domain/event-content.ts';
import type { StoredEvent } from '../../../domain/events.ts';
import { type Appended, type ExpectedRevision, LedgerError } from '../../../domain/ledger.ts';
import type { KnownIds } from './known-ids.ts';
import { Patience } from './patience.ts';
import type { ServerConnection, Written } from './server-connection.ts';
import type { StoreReader } from './store-reader.ts';
import { StoreError, silentServer, troubleOf, unavailable } from './store-trouble.ts';

export interface AppenderOptions {
  readonly connection: ServerConnection;
  readonly reader: StoreReader;
  readonly knownIds: KnownIds;
  /** In ms, of one append with all of its attempts. */
  readonly deadline: number;
  readonly closed: AbortSignal;
}

interface Append {
  readonly stream: string;
  readonly events: readonly SerialisedEvent[];
}

/** Of the deadline, what an append waits for a server that is known not to have taken it. */
const PATIENCE_IF_NOT_WRITTEN = 0.3;
/** How often others may be faster than an append to whichever end of a stream. */
const MAX_ATTEMPTS = 20;

/**
 * Every append goes out at an exact revision, as the server recognises its repetition by that alone, also when it
 * was started anew in between. Where it is not known what became of one, the same is sent again; only an answer tells
 * that nothing of it is still under way, and only then the stream is looked through for it.
 */
export class Appender {
  readonly #options: AppenderOptions;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** @throws LedgerError */
  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly SerialisedEvent[],
  ): Promise<Appended> {
    const append = { stream, events };
    try {
      if (expected === 'any' || expected === 'stream_exists') return await this.#atTheEnd(append, expected);
      return await this.#atRevision(append, expected === 'no_stream' ? -1 : expected);
    } catch (error) {
      if (error instanceof LedgerError) throw error;
      if (!(error instanceof StoreError)) throw error;
      throw this.#faultOf(append, error, 'no');
    }
  }

  async #atTheEnd(append: Append, expected: 'any' | 'stream_exists'): Promise<Appended> {
    for (let attempt = 1; ; attempt++) {
      const { found, end } = await this.#lookFor(append);
      if (found === 'some') throw conflict(append, end);
      if (found !== 'none') return found;
      if (end < 0 && expected === 'stream_exists') throw conflict(append, end);
      try {
        return await this.#send(append, end);
      } catch (error) {
        if (!(error instanceof LedgerError) || error.fault.kind !== 'conflict') throw error;
        if (attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #atRevision(append: Append, revision: number): Promise<Appended> {
    if (revision >= 0 && (await this.#standsFurtherBack(append, revision))) {
      const newest = await this.#options.reader.newestOf(append.stream);
      throw conflict(append, newest?.revision ?? -1);
    }
    return this.#send(append, revision);
  }

  /** Whether one of the events is in the stream up to a revision. */
  async #standsFurtherBack({ stream, events }: Append, revision: number): Promise<boolean> {
    const { knownIds, reader } = this.#options;
    const known = knownIds.knownThrough(stream);
    if (known < revision) {
      // To read them is to know them.
      for await (const _ of reader.readStream(stream, known + 1, revision - known));
    }
    return events.some(({ id }) => (knownIds.revisionOf(stream, id) ?? Number.POSITIVE_INFINITY) <= revision);
  }

  async #send(append: Append, revision: number): Promise<Appended> {
    const { connection, deadline, closed } = this.#options;
    let patience = new Patience(deadline * PATIENCE_IF_NOT_WRITTEN);
    let written: 'no' | 'unknown' = 'no';
    for (;;) {
      try {
        if (closed.aborted) throw new StoreError({ kind: 'refused', reason: 'it is closed' });
        const outcome = await connection.appendAt(
          append.stream,
          revision,
          append.events,
          Math.max(patience.left, deadline * PATIENCE_IF_NOT_WRITTEN),
        );
        // Whatever goes wrong from here on, the server has it.
        written = 'unknown';
        return await this.#acknowledge(append, revision, outcome);
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble.kind === 'wrong revision') {
          return await this.#afterConflict(append, trouble.actual, written).catch((cause) => {
            throw cause instanceof LedgerError ? cause : this.#faultOf(append, cause, written);
          });
        }
        if (trouble.kind === 'away' && trouble.written === 'unknown' && written === 'no') {
          written = 'unknown';
          patience = new Patience(deadline);
        }
        if (closed.aborted) throw this.#faultOf(append, error, written);
        await patience.afterFailure(error, closed).catch((cause) => {
          throw this.#faultOf(append, cause, written);
        });
      }
    }
  }

  async #acknowledge({ stream, events }: Append, after: number, written: Written): Promise<Appended> {
    const { knownIds, reader } = this.#options;
    const first = written.revision - events.length + 1;
    for (const [index, { id }] of events.entries()) {
      // The stream may have been deleted before, and go on behind what it held.
      knownIds.add(stream, index === 0 ? Math.min(after, first - 1) : first + index - 1, first + index, id);
    }
    const { revision, position } = written;
    if (position !== null) return { revision, position };
    for await (const event of reader.readStream(stream, revision, 1))
      return { revision, position: event.position };
    throw silentServer('unknown');
  }

  /** Where an earlier attempt may have gone through, the conflict may be with ourselves. */
  async #afterConflict(
    append: Append,
    actual: number | 'no_stream',
    written: 'no' | 'unknown',
  ): Promise<Appended> {
    if (written === 'unknown') {
      const { found } = await this.#lookFor(append);
      if (typeof found === 'object') return found;
    }
    throw conflict(append, actual === 'no_stream' ? -1 : actual);
  }

  /** Where the events stand in the stream, next to each other, or whether some or none of them do. */
  async #lookFor({ stream, events }: Append): Promise<{ found: Appended | 'some' | 'none'; end: number }> {
    const { reader } = this.#options;
    const ids = new Map(events.map(({ id }, index) => [id, index]));
    const there: StoredEvent[] = [];
    let end = -1;
    for await (const event of reader.readStream(stream, 0, Number.POSITIVE_INFINITY)) {
      if (ids.has(event.id)) there.push(event);
      end = event.revision;
    }
    const last = there.at(-1);
    if (last === undefined) return { found: 'none', end };
    const start = last.revision - events.length + 1;
    const isWhole =
      there.length === events.length &&
      there.every(({ id, revision }, index) => ids.get(id) === index && revision === start + index);
    return { found: isWhole ? { revision: last.revision, position: last.position } : 'some', end };
  }

  #faultOf({ events }: Append, error: unknown, written: 'no' | 'unknown'): LedgerError {
    const trouble = troubleOf(error);
    if (trouble.kind === 'too large') {
      const bytes = events.reduce((sum, { data, metadata }) => sum + Buffer.byteLength(data + metadata), 0);
      return new LedgerError({ kind: 'too_large', bytes }, { cause: error });
    }
    const reason = 'reason' in trouble ? trouble.reason : trouble.kind;
    return unavailable(reason, written, error);
  }
}

function conflict({ stream }: Append, end: number): LedgerError {
  return new LedgerError({ kind: 'conflict', stream, actual: end < 0 ? 'no_stream' : end });
}
