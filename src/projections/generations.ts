import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger } from '../domain/ledger.ts';
import { Batch } from './batch.ts';
import { type Checkpoint, Generation } from './generation.ts';
import type { Projection } from './projection.ts';
import { isUnusable, type ReadModelsFile } from './read-models-file.ts';
import { signatureOf } from './schema.ts';

/** Makes the generations of the read models from the ledger. */
export class Generations {
  readonly #file: ReadModelsFile;
  readonly #ledger: Ledger;
  readonly #projections: readonly Projection[];
  readonly #signature: string;

  constructor(file: ReadModelsFile, ledger: Ledger, projections: readonly Projection[]) {
    this.#file = file;
    this.#ledger = ledger;
    this.#projections = projections;
    this.#signature = signatureOf(projections);
  }

  /** The active generation, caught up with the ledger; a new one where there is none or it is not to be used. */
  async open(): Promise<Generation> {
    try {
      return await this.#openActive();
    } catch (error) {
      if (!isUnusable(error)) throw error;
      const anew = this.makeAnew();
      await this.complete(anew);
      return anew;
    }
  }

  async #openActive(): Promise<Generation> {
    const record = this.#file.activeGeneration();
    if (record !== undefined && record.signature !== this.#signature) {
      const next = await this.build();
      this.#file.activate(next.number);
      await this.#file.dropInactive();
      return next;
    }
    const active = record === undefined ? this.#begin() : await this.#take(record.number);
    await this.#file.dropInactive();
    await this.complete(active);
    return active;
  }

  /** Throws everything away and begins with nothing, in place: what is taken in then survives a crash. */
  makeAnew(): Generation {
    this.#file.makeAnew();
    return this.#begin();
  }

  /** Makes a generation beside the active one from the events up to now. @throws the signal's reason when it fires */
  async build(signal?: AbortSignal): Promise<Generation> {
    await this.#file.dropInactive();
    const next = this.#create();
    await this.complete(next, signal);
    return next;
  }

  /** Reads on, and then makes the indexes that are missing. @throws the signal's reason when it fires */
  async complete(generation: Generation, signal?: AbortSignal): Promise<void> {
    this.#file.tidySeldom(true);
    await this.catchUp(generation, signal);
    await this.#file.ensureIndexes(generation.number);
    this.#file.tidySeldom(false);
  }

  /** Reads on to the present end of the ledger. @throws the signal's reason when it fires */
  async catchUp(generation: Generation, signal?: AbortSignal): Promise<void> {
    const after = generation.checkpoint.position;
    const batch = new Batch();
    for await (const stored of this.#ledger.readAll({ after, ...(signal && { signal }) })) {
      batch.add(stored);
      if (!batch.isFull) continue;
      batch.writeTo(generation);
      await nextTurn();
    }
    signal?.throwIfAborted();
    batch.writeTo(generation);
  }

  #begin(): Generation {
    const generation = this.#create();
    this.#file.activate(generation.number);
    return generation;
  }

  async #take(number: number): Promise<Generation> {
    const found = new Generation(this.#file.writer, number, this.#projections);
    return (await this.#isOfThisLedger(found.checkpoint)) ? found : this.makeAnew();
  }

  #create(): Generation {
    const number = this.#file.createGeneration(this.#signature);
    return new Generation(this.#file.writer, number, this.#projections);
  }

  /** A ledger that was replaced, or put back to an earlier time, does not have the last event where it was. */
  async #isOfThisLedger({ event, position }: Checkpoint): Promise<boolean> {
    if (event === null) return position === null;
    const { id, stream, revision } = event;
    for await (const stored of this.#ledger.readStream(stream, { from: revision, limit: 1 }))
      return stored.id === id && stored.position === event.position;
    return false;
  }
}
