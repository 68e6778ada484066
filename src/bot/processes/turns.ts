import type { Trainer } from '../../domain/ports.ts';

/** Who trains here trains one job after the other; who trains elsewhere is waited for by nobody. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Resolves when it was this work's turn and the work is done. */
  take({ name, isRemote }: Trainer, work: () => Promise<void>): Promise<void> {
    if (isRemote === true) return work();
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    this.#last.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
