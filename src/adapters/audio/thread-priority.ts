import { constants, setPriority } from 'node:os';

/** The calling thread. */
const SELF = 0;

/**
 * Lets every other thread go before the calling one, so that the frame clock and the gateway are not late while sound
 * is understood. Only Linux has priorities for threads; elsewhere the whole process would be held back.
 * @see setpriority(2), notes on threads
 */
export function becomeBackgroundThread(): void {
  if (process.platform === 'linux') setPriority(SELF, constants.priority.PRIORITY_BELOW_NORMAL);
}
