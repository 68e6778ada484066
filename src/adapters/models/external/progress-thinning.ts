import type { Progress } from './progress.ts';

const LEAST_MS = 2_000;
/** Of the total, and of the time so far: a hundred figures make a curve. */
const LEAST_SHARE = 0.01;

/**
 * Lets through what is worth remembering of a trainer's progress: the first, and then no more than one for each
 * hundredth of the way and of the time so far, so that also a trainer that makes up its steps cannot fill the
 * ledger. The latest one that was held back can be had at the end. An evaluation, which is told of seldom and beside
 * the step that it belongs to, is never lost: the latest loss goes with the next progress that is let through.
 */
export class ProgressThinning {
  readonly #now: () => number;
  readonly #began: number;
  #last: { readonly progress: Progress; readonly ms: number } | undefined;
  #held: Progress | undefined;
  #evaluationLoss: number | null = null;

  /** @param now in milliseconds, from any beginning */
  constructor(now: () => number) {
    this.#now = now;
    this.#began = now();
  }

  /** @returns what is to be remembered now; nothing where it is held back */
  take(progress: Progress): Progress | undefined {
    const ms = this.#now();
    this.#evaluationLoss = progress.evaluationLoss ?? this.#evaluationLoss;
    const isNews = this.#last === undefined || this.#isNews(this.#last, progress, ms);
    if (!isNews) {
      this.#held = this.#held?.step === progress.step ? together(this.#held, progress) : progress;
      return undefined;
    }
    this.#held = undefined;
    this.#last = { progress, ms };
    return this.#withEvaluation(progress);
  }

  /** What was held back last, where it goes further than what was let through or is an evaluation. */
  takeHeld(): Progress | undefined {
    const held = this.#held;
    this.#held = undefined;
    const last = this.#last?.progress;
    if (held !== undefined && held.step > (last?.step ?? -1)) return this.#withEvaluation(held);
    return last === undefined || this.#evaluationLoss === null ? undefined : this.#withEvaluation(last);
  }

  #withEvaluation(progress: Progress): Progress {
    const evaluationLoss = this.#evaluationLoss;
    this.#evaluationLoss = null;
    return evaluationLoss === null ? progress : { ...progress, evaluationLoss };
  }

  #isNews(
    last: { readonly progress: Progress; readonly ms: number },
    progress: Progress,
    ms: number,
  ): boolean {
    const { step, total } = progress;
    const leastMs = Math.max(LEAST_MS, LEAST_SHARE * (ms - this.#began));
    const before = last.progress.step;
    return step > before && step - before >= LEAST_SHARE * total && ms - last.ms >= leastMs;
  }
}

/** What was said of the same step, one thing after the other. */
function together(before: Progress, { loss, learningRate, ...progress }: Progress): Progress {
  return { ...before, ...progress, loss: loss ?? before.loss, ...(learningRate != null && { learningRate }) };
}
