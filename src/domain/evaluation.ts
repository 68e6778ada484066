import { type Decider, eventsOfTypes } from './decider.ts';
import type { EventData, EventOf, HeldOutComparison } from './events.ts';

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

/**
 * How near an answer comes to the expected one: 1 where it is the same, otherwise by the words that they share (the
 * F1 of precision and recall, as usual for questions and answers), so that an answer in other words is not wrong altogether.
 * @returns from 0 to 1
 */
export function nearness(expected: string, response: string): number {
  if (matches(expected, response)) return 1;
  const [wanted, given] = [wordsIn(expected), wordsIn(response)];
  const left = new Map<string, number>();
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  return shared === 0 ? 0 : (2 * shared) / (wanted.length + given.length);
}

/** In small letters; each character of a script without spaces between words counts as one. */
function wordsIn(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
}

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;

/** What a gate asks for: as good as the active model is not better. */
export function isBetter({ nearness, active }: Pick<HeldOutComparison, 'nearness' | 'active'>): boolean {
  return nearness > active.nearness;
}
