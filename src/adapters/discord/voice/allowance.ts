/** How often something may happen within a window of time. */
export class Allowance {
  readonly #times: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #taken: readonly number[] = [];

  /** @param now in ms */
  constructor({ times, windowMs, now }: { times: number; windowMs: number; now: () => number }) {
    this.#times = times;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** In ms; 0 where it may happen at once. */
  get waitMs(): number {
    const now = this.#now();
    this.#taken = this.#taken.filter((at) => at > now - this.#windowMs);
    const oldest = this.#taken.at(-this.#times);
    return oldest === undefined ? 0 : oldest + this.#windowMs - now;
  }

  /** Whether it may; then it counts. */
  take(): boolean {
    if (this.waitMs > 0) return false;
    this.#taken = [...this.#taken, this.#now()];
    return true;
  }
}
