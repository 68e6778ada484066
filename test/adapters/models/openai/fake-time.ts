import { setImmediate as soon } from 'node:timers/promises';
import type { Time } from '../../../../src/adapters/models/openai/time.ts';

/** In which every pause is over at once, and has lasted as long as it was to last. */
export class FakeTime implements Time {
  #now = 0;
  readonly pauses: number[] = [];

  now(): number {
    return this.#now;
  }

  async pause(ms: number): Promise<void> {
    this.#now += ms;
    this.pauses.push(ms);
    await soon();
  }
}
