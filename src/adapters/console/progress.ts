import { shorten } from '../../domain/identifiers.ts';
import type { JobNotice } from '../../domain/surface.ts';
import { hasEnded } from './forms.ts';

const WIDTH = 20;

/** The training that goes on, as one bar. */
export class Progress {
  readonly #jobs = new Map<string, number>();

  take({ data: { job, state, progress } }: JobNotice): void {
    if (hasEnded(state)) this.#jobs.delete(job);
    else this.#jobs.set(job, progress);
  }

  /** Empty where nothing trains. */
  get bar(): string {
    // The oldest one: jobs train one after the other.
    for (const [job, progress] of this.#jobs) {
      const done = Math.round(progress * WIDTH);
      const others = this.#jobs.size === 1 ? '' : ` +${this.#jobs.size - 1}`;
      return `${shorten(job)} [${'='.repeat(done)}${' '.repeat(WIDTH - done)}] ${Math.floor(progress * 100)} %${others}`;
    }
    return '';
  }
}
