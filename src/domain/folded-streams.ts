import type { Decider } from './decider.ts';
import type { DomainEvent } from './events.ts';

/** A stream's events so far, folded. */
export interface Folded<State> {
  readonly state: State;
  /** Of the last of them; null where there is none. */
  readonly revision: number | null;
}

interface Kept {
  readonly decider: unknown;
  readonly folded: Folded<unknown>;
}

/** Of each place and each job in progress there are one or two; what is not kept is folded anew. */
const MAX_STREAMS = 1_000;

/**
 * What this process remembers of streams that grow long, so that a command reads only what came since. It may be
 * behind the ledger, never ahead of it: an append at the revision remembered tells. Commands on one stream take
 * their turns here, so that those of one process never get in each other's way.
 */
export class FoldedStreams {
  /** The one that was used last stands last. */
  readonly #kept = new Map<string, Kept>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** Undefined where nothing is remembered. */
  recall<Command, State, Event extends DomainEvent>(
    stream: string,
    decider: Decider<Command, State, Event>,
  ): Folded<State> | undefined {
    const kept = this.#kept.get(stream);
    if (kept === undefined || kept.decider !== decider) return undefined;
    // It was folded by this very decider, which the compiler cannot follow through the map.
    return kept.folded as Folded<State>;
  }

  remember<Command, State, Event extends DomainEvent>(
    stream: string,
    decider: Decider<Command, State, Event>,
    folded: Folded<State>,
  ): void {
    if (decider.growsLong !== true) return;
    this.#kept.delete(stream);
    this.#kept.set(stream, { decider, folded });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_STREAMS && oldest !== undefined) this.#kept.delete(oldest);
  }

  forget(stream: string): void {
    this.#kept.delete(stream);
  }

  /** Begins when the work that was given before for the same stream has ended, however it ended. */
  inTurn<Result>(stream: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(stream) ?? Promise.resolve();
    const result = before.then(work);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(stream, ended);
    void ended.then(() => {
      if (this.#turns.get(stream) === ended) this.#turns.delete(stream);
    });
    return result;
  }
}
