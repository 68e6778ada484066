import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, SqliteDialect } from 'kysely';
import { UnreadableEvent } from '../domain/events.ts';
import type { Ledger } from '../domain/ledger.ts';
import { Refusal } from '../domain/refusal.ts';
import { allProjections } from './all.ts';
import { follow } from './following.ts';
import type { Generation } from './generation.ts';
import { Generations } from './generations.ts';
import type { Projection } from './projection.ts';
import { isDamage, ReadModelsFile, unwritable } from './read-models-file.ts';
import { GuardedReader } from './reader.ts';
import type { Tables } from './tables.ts';

/** What queries are answered from: rows derived from the ledger, which follow it. */
export interface ReadModels {
  /** Reads the rows. Queries are refused while rows that were found damaged are made anew. */
  readonly db: Kysely<Tables>;
  /**
   * Resolves when everything up to a position of the ledger has been taken in; at once for null.
   * @throws Refusal where that cannot be done now or takes long, UnreadableEvent where this program never can
   */
  caughtUpWith(position: string | null): Promise<void>;
  /** How far the rows reach: how many events, the last one's id, and the position in the ledger. */
  head(): { ordinal: number; event: string | null; position: string | null };
  /** Makes all rows anew from the ledger while the present ones go on answering, then changes over. */
  rebuild(): Promise<{ events: number }>;
  close(): Promise<void>;
}

export interface ReadModelsOptions {
  readonly file: string;
  readonly ledger: Ledger;
  /** Every one there is, unless something else is asked for. */
  readonly projections?: readonly Projection[];
  /** How long somebody waits for what the ledger does not deliver, in ms. */
  readonly patience?: number;
}

const PATIENCE_MS = 30_000;

/**
 * Opens the read models and resolves when they have caught up with the ledger; from then on they follow it.
 * Rows that are missing, damaged, of another version or of another ledger are made anew.
 * @throws Refusal where the file cannot be used, UnreadableEvent naming an event that this program cannot read
 */
export async function openReadModels(options: ReadModelsOptions): Promise<ReadModels> {
  const file = new ReadModelsFile(options.file);
  try {
    const generations = new Generations(file, options.ledger, options.projections ?? allProjections);
    const active = await generations.open();
    return new Projector(file, options, generations, active);
  } catch (error) {
    file.close();
    throw unwritable(error);
  }
}

const RETRY_AFTER_MS = 1_000;

interface Waiting {
  readonly position: string;
  resolve(): void;
  reject(reason: unknown): void;
}

interface Successor {
  readonly generation: Generation;
  resolve(): void;
  reject(reason: unknown): void;
}

/** The one engine: follows the ledger, recovers, rebuilds. */
class Projector implements ReadModels {
  readonly db: Kysely<Tables>;
  readonly #file: ReadModelsFile;
  readonly #ledger: Ledger;
  readonly #patience: number;
  readonly #generations: Generations;
  #active: Generation;

  readonly #closing = new AbortController();
  readonly #following: Promise<void>;
  /** Ends the present subscription, so that another one begins where the active generation is then. */
  #resubscribe = new AbortController();
  #rebuilding: Promise<{ events: number }> | undefined;
  /** A generation that is built and is to become the active one. */
  #successor: Successor | undefined;
  #waiting: Waiting[] = [];
  /** Why the ledger is not followed at present. */
  #failure: unknown;
  /** The rows cannot be trusted: no query is answered until they have been made anew. */
  #damaged = false;

  constructor(
    file: ReadModelsFile,
    { ledger, patience = PATIENCE_MS }: ReadModelsOptions,
    generations: Generations,
    active: Generation,
  ) {
    this.#file = file;
    this.#ledger = ledger;
    this.#patience = patience;
    this.#generations = generations;
    this.#active = active;
    const database = new GuardedReader(
      () => this.#trustedReader(),
      (error) => this.#noticeDamage(error),
    );
    this.db = new Kysely({ dialect: new SqliteDialect({ database }) });
    this.#following = this.#keepFollowing();
  }

  head() {
    const { ordinal, event, position } = this.#active.checkpoint;
    return { ordinal, event: event?.id ?? null, position };
  }

  async caughtUpWith(position: string | null): Promise<void> {
    if (position === null || this.#reaches(position)) return;
    this.#closing.signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { position, resolve, reject };
    this.#waiting.push(waiting);
    // A ledger on a server may go away before it has delivered what it took.
    const timer = setTimeout(() => this.#giveUp(waiting), this.#patience);
    await promise.finally(() => clearTimeout(timer));
  }

  rebuild(): Promise<{ events: number }> {
    this.#rebuilding ??= this.#buildBeside().finally(() => {
      this.#rebuilding = undefined;
    });
    return this.#rebuilding;
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const closed = new Refusal(({ ledger }) => ledger.readModels.closed);
    this.#closing.abort(closed);
    await Promise.allSettled([this.#following, this.#rebuilding]);
    this.#rejectWaiting(closed);
    await this.db.destroy();
    this.#file.close();
  }

  async #buildBeside(): Promise<{ events: number }> {
    try {
      this.#trustedReader();
      const generation = await this.#generations.build(this.#closing.signal);
      const changed = Promise.withResolvers<void>();
      this.#successor = { generation, ...changed };
      this.#resubscribe.abort();
      await Promise.race([changed.promise, this.#endOfFollowing()]);
      await this.#file.dropInactive();
      return { events: generation.checkpoint.ordinal };
    } catch (error) {
      throw this.#damaged ? beingMadeAnew() : unwritable(this.#noticeDamage(error));
    }
  }

  async #endOfFollowing(): Promise<never> {
    await this.#following;
    this.#closing.signal.throwIfAborted();
    throw this.#failure;
  }

  /** While the ledger is not followed, so that the new rows cannot fall behind the present ones. */
  async #changeTo({ generation, resolve, reject }: Successor): Promise<void> {
    this.#successor = undefined;
    try {
      await this.#generations.catchUp(generation, this.#closing.signal);
      if (generation.checkpoint.ordinal < this.#active.checkpoint.ordinal) {
        throw new Refusal(
          'The ledger gave fewer events than before, so the rows stay as they are; try again.',
        );
      }
      this.#file.activate(generation.number);
      this.#active = generation;
      resolve();
    } catch (error) {
      reject(error);
    }
  }

  async #keepFollowing(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#resubscribe = new AbortController();
      const either = AbortSignal.any([signal, this.#resubscribe.signal]);
      try {
        if (this.#damaged) await this.#makeAnew();
        if (this.#successor !== undefined) await this.#changeTo(this.#successor);
        await follow(this.#ledger, this.#active, () => this.#advanced(), either);
      } catch (error) {
        if (signal.aborted) return;
        if (isDamage(error) && !this.#damaged) {
          this.#damaged = true;
          continue;
        }
        this.#failure = unwritable(error);
        this.#rejectWaiting(this.#failure);
        // Trying again would not make it readable.
        if (error instanceof UnreadableEvent) return;
        await pause(RETRY_AFTER_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #makeAnew(): Promise<void> {
    this.#active = this.#generations.makeAnew();
    await this.#generations.complete(this.#active, this.#closing.signal);
    this.#damaged = false;
  }

  #advanced(): void {
    this.#failure = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      if (this.#reaches(each.position)) each.resolve();
      else this.#waiting.push(each);
    }
  }

  #giveUp(waiting: Waiting): void {
    this.#waiting = this.#waiting.filter((each) => each !== waiting);
    waiting.reject(new Refusal(({ ledger }) => ledger.readModels.behind));
  }

  #rejectWaiting(reason: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(reason);
  }

  #reaches(position: string): boolean {
    const reached = this.#active.checkpoint.position;
    return reached !== null && this.#ledger.compare(reached, position) >= 0;
  }

  #trustedReader() {
    if (this.#damaged) throw beingMadeAnew();
    return this.#file.reader;
  }

  /** @returns what a query that met the error shall throw */
  #noticeDamage(error: unknown): unknown {
    if (!isDamage(error)) return error;
    this.#damaged = true;
    this.#resubscribe.abort();
    return beingMadeAnew();
  }
}

function beingMadeAnew(): Refusal {
  return new Refusal(({ ledger }) => ledger.readModels.beingMadeAnew);
}
