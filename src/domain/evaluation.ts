import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf } from './events.ts';

export type EvaluationEvent = EventOf<'EvaluationRun'>;

export type EvaluationState = 'unknown' | 'run';

export const evaluationDecider: Decider<EventData<'EvaluationRun'>, EvaluationState, EvaluationEvent> = {
  initial: 'unknown',
  takes: eventsOfTypes<EvaluationEvent>('EvaluationRun'),
  decide: (run, state) => (state === 'unknown' ? [{ type: 'EvaluationRun', data: run }] : []),
  evolve: () => 'run',
};

/** An answer is right where it is what was expected, but for white space around it. */
export function matches(expected: string, response: string): boolean {
  return expected.trim().normalize('NFC') === response.trim().normalize('NFC');
}

/** The share of `true`, from 0 to 1; null where nothing was expected. */
export function scoreOf(matched: readonly (boolean | null)[]): number | null {
  const judged = matched.filter((match) => match !== null);
  return judged.length === 0 ? null : judged.filter(Boolean).length / judged.length;
}
