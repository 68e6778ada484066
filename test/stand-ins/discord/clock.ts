/**
 * Time as the stand-in sees it, in milliseconds since the epoch. It stands still until a test moves it, so that
 * the 3-second and 15-minute rules depend on nothing but the test; a `running` one goes on by itself as well.
 */
export class StandInClock {
  readonly #startedAt = Date.now();
  readonly #running: boolean;
  #advanced = 0;

  constructor({ running = false }: { readonly running?: boolean } = {}) {
    this.#running = running;
  }

  get now(): number {
    return (this.#running ? Date.now() : this.#startedAt) + this.#advanced;
  }

  get timestamp(): string {
    return new Date(this.now).toISOString();
  }

  advance(milliseconds: number): void {
    this.#advanced += milliseconds;
  }
}
