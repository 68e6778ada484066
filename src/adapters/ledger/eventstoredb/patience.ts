import { setTimeout as pause } from 'node:timers/promises';
import { StoreError, type StoreTrouble } from './store-trouble.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** How long a call is tried again whose server is away. */
export class Patience {
  readonly #limit: number;
  #until: number;
  #pause = FIRST_PAUSE_MS;

  /** @param limit in ms, without end where it is infinite */
  constructor(limit: number) {
    this.#limit = limit;
    this.#until = performance.now() + limit;
  }

  /** In ms; 0 where it is at its end. */
  get left(): number {
    return Math.max(0, this.#until - performance.now());
  }

  /** It went well again. */
  renew(): void {
    this.#until = performance.now() + this.#limit;
    this.#pause = FIRST_PAUSE_MS;
  }

  /**
   * Waits a little before the next attempt.
   * @throws the error where no attempt will mend it, or there have been enough
   */
  async afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
    if (!isAway(error) || this.left === 0) throw error;
    const next = this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
    await pause(Math.min(next, this.left), undefined, { signal }).catch(() => undefined);
  }
}

export function isAway(
  error: unknown,
): error is StoreError & { readonly trouble: StoreTrouble & { readonly kind: 'away' } } {
  return error instanceof StoreError && error.trouble.kind === 'away';
}
