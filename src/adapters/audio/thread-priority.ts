import { getPriority, setPriority } from 'node:os';

/** How far a thread stands back behind the frame clock and the gateway, which are at 0. */
export const Niceness = {
  /** Somebody waits for it to go on. */
  speaking: 5,
  /** Nobody hears that it takes a moment longer. */
  understanding: 10,
} as const;

/** The calling thread. */
const SELF = 0;

/**
 * Lets others go before the calling thread, so that packets are sent in time while sound is made or understood. Only
 * Linux has priorities for threads; elsewhere the whole process would be held back. One that stands further back already,
 * as where the bot was started with `nice`, stays there: few may move forward.
 * @param niceness from 0 to 19, the last in line
 * @see setpriority(2), notes on threads
 */
export function standBack(niceness: number): void {
  if (process.platform === 'linux' && getPriority(SELF) < niceness) setPriority(SELF, niceness);
}
