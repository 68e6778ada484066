const PATIENCE_MS = 10_000;

/**
 * Begins what belongs together in the order in which it came: each when the one before it is done, or has taken so
 * long that waiting for it would be worse than a different order.
 */
export class Turns {
  readonly #patienceMs: number;
  /** For each key, when the next one may begin. */
  readonly #free = new Map<string, Promise<void>>();

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#free.get(key);
    const done = before === undefined ? work() : before.then(work);
    const free = (before ?? Promise.resolve()).then(() => this.#untilDone(done));
    this.#free.set(key, free);
    void free.then(() => {
      if (this.#free.get(key) === free) this.#free.delete(key);
    });
    return done;
  }

  #untilDone(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#patienceMs);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      work.then(end, end);
    });
  }
}
