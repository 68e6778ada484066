import type { Snowflake } from 'discord-api-types/v10';
import type { StandInClock } from './clock.ts';

const DISCORD_EPOCH = 1_420_070_400_000;
const IDS_A_MILLISECOND = 4096;

/** Ids that grow with every call and carry the time, as Discord's do. */
export class Snowflakes {
  readonly #clock: StandInClock;
  #millisecond = 0;
  #count = 0;

  constructor(clock: StandInClock) {
    this.#clock = clock;
  }

  next(): Snowflake {
    if (this.#clock.now > this.#millisecond) {
      this.#millisecond = this.#clock.now;
      this.#count = 0;
    } else if (++this.#count === IDS_A_MILLISECOND) {
      this.#millisecond += 1;
      this.#count = 0;
    }
    return String((BigInt(this.#millisecond - DISCORD_EPOCH) << 22n) + BigInt(this.#count));
  }
}
