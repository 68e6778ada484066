import { Refusal } from '../../domain/refusal.ts';

/** Why a thread did not do what it was asked for. */
export type ThreadEnd = 'tooSlow' | 'broken' | 'busy' | 'closing' | 'cancelled';

export class ThreadRefusal extends Refusal {
  readonly end: ThreadEnd;

  /** @param cause what only operators can do something about */
  constructor(end: ThreadEnd, cause?: unknown) {
    super((words) => words.sound.threads[end]);
    this.end = end;
    this.cause = cause;
  }
}
