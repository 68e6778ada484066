import type { Trainer } from '../../domain/ports.ts';

/** Who trains here trains one job after the other; who trains elsewhere is waited for by nobody. */
export class Turns {
  readonly #queues = new Map<string, Promise<void>>();
  readonly #running = new Set<Promise<void>>();

  /** @param work never rejects */
  take({ name, isRemote }: Trainer, work: () => Promise<void>): void {
    const turn = isRemote === true ? work() : (this.#queues.get(name) ?? Promise.resolve()).then(work);
    if (isRemote !== true) this.#queues.set(name, turn);
    this.#begin(turn);
  }

  /** Resolves when all that has begun or waits is over. */
  async over(): Promise<void> {
    await Promise.all(this.#running);
  }

  #begin(turn: Promise<void>): void {
    this.#running.add(turn);
    void turn.then(() => this.#running.delete(turn));
  }
}
