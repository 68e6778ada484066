import type { JobStatus } from '../../../domain/surface.ts';

type Progress = Pick<JobStatus, 'state' | 'step' | 'total'>;

/** How fast a job goes, from what was seen of it since the program started: what came before may have been an outage. */
export class Pace {
  #first: { readonly step: number; readonly at: number } | null = null;

  /** @returns ms until the last step at the rate so far; null where none is known yet */
  left({ state, step, total }: Progress, now: number): number | null {
    if (state !== 'running' || total === 0) return null;
    // After a restart a trainer may begin anew.
    if (this.#first === null || step < this.#first.step) this.#first = { step, at: now };
    const steps = step - this.#first.step;
    if (steps === 0 || now <= this.#first.at) return null;
    return ((now - this.#first.at) / steps) * Math.max(0, total - step);
  }
}
