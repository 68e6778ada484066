import { fractionOf } from './identifiers.ts';

/** Whether an example is trained on, or kept to see afterwards how well that went. */
export type Split = 'train' | 'validation';

const VALIDATION_SHARE = 0.1;

/**
 * The same key always stands on the same side, on every machine.
 * @param key the conversation that an example comes from, all of which stands on one side; of one that comes from
 * none, such as one taken from a file, its line without the line feed
 */
export function splitOf(key: string): Split {
  return fractionOf(key) < VALIDATION_SHARE ? 'validation' : 'train';
}
