import type { StoredEvent } from '../../domain/events.ts';
import { type Ledger, LedgerError } from '../../domain/ledger.ts';
import { Refusal } from '../../domain/refusal.ts';
import { exportedLine } from './exported-line.ts';
import type { LedgerPlace } from './ledger-place.ts';

export interface Copied {
  /** In both ledgers now. */
  readonly events: number;
  /** By this copy. */
  readonly copied: number;
}

/** Of one stream in one append; they were appended one after the other, or together, and nobody can tell. */
const EVENTS_PER_APPEND = 100;
/** Well below what servers take in one append by default. */
const CHARACTERS_PER_APPEND = 128 * 1024;
const APPENDS_UNDER_WAY = 500;

/**
 * Copies a ledger into an empty one, or goes on with a copy that was interrupted: the same events with the same ids
 * at the same revisions of the same streams, in the same order. Every event of both is compared, those that were
 * there and those that came.
 * @throws Refusal where the target holds anything else, LedgerError where a ledger is away; copying again goes on
 */
export async function copyLedger(from: LedgerPlace, to: LedgerPlace): Promise<Copied> {
  if (from.shown === to.shown) throw new Refusal(`${from.shown} cannot be copied into itself; name another.`);
  if (!from.exists()) throw new Refusal(`There is no ledger at ${from.shown}; check the first name.`);
  return from.use((source) => to.use((target) => new Copying(source, target, to).run()));
}

class Copying {
  readonly #source: Ledger;
  readonly #target: Ledger;
  readonly #to: LedgerPlace;
  #underWay: Promise<unknown>[] = [];

  constructor(source: Ledger, target: Ledger, to: LedgerPlace) {
    this.#source = source;
    this.#target = target;
    this.#to = to;
  }

  async run(): Promise<Copied> {
    const through = await this.#source.head();
    const before = await this.#compare(null, through);
    const copied = through === null ? 0 : await this.#copy(before.source, through);
    // What was there has been compared; of what came, what the target gives back counts.
    const after = copied === 0 ? { events: 0, target: null } : await this.#compare(before, through);
    const events = before.events + after.events;
    if (after.events !== copied) throw this.#differs(events + 1);
    return { events, copied };
  }

  /** How far both hold the same. @throws Refusal where the target holds something else, or more */
  async #compare(after: Compared | null, through: string | null): Promise<Compared> {
    const inSource = this.#source.readAll({ after: after?.source ?? null, through })[Symbol.asyncIterator]();
    let events = 0;
    let source = after?.source ?? null;
    let target = after?.target ?? null;
    try {
      for await (const copy of this.#target.readAll({ after: target })) {
        const { value: original, done } = through === null ? END : await inSource.next();
        const line = (after?.events ?? 0) + events + 1;
        if (done === true) throw this.#holdsMore(line, copy);
        if (exportedLine(original) !== exportedLine(copy)) throw this.#differs(line, copy);
        events++;
        source = original.position;
        target = copy.position;
      }
    } finally {
      await inSource.return?.();
    }
    return { events, source, target };
  }

  async #copy(after: string | null, through: string): Promise<number> {
    let count = 0;
    let batch: StoredEvent[] = [];
    let characters = 0;
    for await (const event of this.#source.readAll({ after, through })) {
      const size = exportedLine(event).length;
      const isFull = batch.length === EVENTS_PER_APPEND || characters + size > CHARACTERS_PER_APPEND;
      if (batch.length > 0 && (isFull || batch[0]?.stream !== event.stream)) {
        await this.#append(batch);
        batch = [];
        characters = 0;
      }
      batch.push(event);
      characters += size;
      count++;
    }
    if (batch.length > 0) await this.#append(batch);
    await this.#settle();
    return count;
  }

  async #append(events: readonly StoredEvent[]): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    const { stream, revision } = first;
    const expected = revision === 0 ? 'no_stream' : revision - 1;
    this.#underWay.push(this.#target.append(stream, expected, events));
    if (!this.#to.keepsOrder || this.#underWay.length >= APPENDS_UNDER_WAY) await this.#settle();
  }

  async #settle(): Promise<void> {
    const outcomes = await Promise.allSettled(this.#underWay);
    this.#underWay = [];
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure === undefined) return;
    const { reason } = failure;
    if (!(reason instanceof LedgerError) || reason.fault.kind === 'unavailable') throw reason;
    throw new Refusal(
      `${this.#to.shown} does not take the copy (${reason.message}); see that nothing else writes to it, and copy into an empty ledger.`,
    );
  }

  #holdsMore(line: number, { id }: StoredEvent): Refusal {
    return new Refusal(
      `${this.#to.shown} holds more than the ledger that is copied (event ${id} is its ${line}.); copy into an empty ledger.`,
    );
  }

  #differs(line: number, copy?: StoredEvent): Refusal {
    const which = copy === undefined ? 'is missing' : `is ${copy.id}`;
    return new Refusal(
      `${this.#to.shown} does not hold the same: its event ${line} ${which}; copy into an empty ledger.`,
    );
  }
}

interface Compared {
  readonly events: number;
  /** The positions of the last event that is in both. */
  readonly source: string | null;
  readonly target: string | null;
}

const END = { value: undefined, done: true } as const;
