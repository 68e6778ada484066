import { setTimeout as delay } from 'node:timers/promises';

/** Only differences count, so a clock that is set means nothing. */
export interface Time {
  /** In milliseconds, from any beginning. */
  now(): number;
  /** Ends early, and without an error, when the signal fires. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const realTime: Time = {
  now: () => performance.now(),
  pause: (ms, signal) => delay(ms, undefined, { signal }).catch(() => {}),
};
