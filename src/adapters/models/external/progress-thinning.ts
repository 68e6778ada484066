import type { Progress } from './progress.ts';

const LEAST_MS = 2_000;
/** Of the total, and of the time so far: a hundred figures make a curve. */
const LEAST_SHARE = 0.01;

/**
 * Lets through what is worth remembering of a trainer's progress: the first, and then no more than one for each
 * hundredth of the way and of the time so far, so that also a trainer that makes up its steps cannot fill the
 * ledger. The latest one that was held back can be had at the end.
 */
export class ProgressThinning {
  readonly #now: () => number;
  readonly #began: number;
  #last: { readonly step: number; readonly ms: number } | undefined;
  #held: Progress | undefined;

  /** @param now in milliseconds, from any beginning */
  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  passes(progress: Progress): boolean {
    const ms = this.#now();
    const isNews = this.#last === undefined || this.#isNews(this.#last, progress, ms);
    this.#held = isNews ? undefined : progress;
    if (isNews) this.#last = { step: progress.step, ms };
    return isNews;
  }

  /** What was held back last, where it goes further than what was let through. */
  takeHeld(): Progress | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held !== undefined && held.step > (this.#last?.step ?? -1) ? held : undefined;
  }

  #isNews(
    last: { readonly step: number; readonly ms: number },
    { step, total }: Progress,
    ms: number,
  ): boolean {
    const leastMs = Math.max(LEAST_MS, LEAST_SHARE * (ms - this.#began));
    return step > last.step && step - last.step >= LEAST_SHARE * total && ms - last.ms >= leastMs;
  }
}
