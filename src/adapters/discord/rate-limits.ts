import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimit {
  /** How many in one window. */
  readonly count: number;
  readonly windowSeconds: number;
}

export interface RateLimitOptions {
  readonly member: RateLimit;
  readonly guild: RateLimit;
}

/** More than a person does by hand, and what one busy place may ask of a bot that others share. */
export const usualRateLimits: RateLimitOptions = {
  member: { count: 30, windowSeconds: 60 },
  guild: { count: 2_000, windowSeconds: 60 },
};

/** With each key that somebody presses something is looked up: as fast as people type, and not faster for long. */
export const typingRateLimits: RateLimitOptions = {
  member: { count: 60, windowSeconds: 15 },
  guild: { count: 1_000, windowSeconds: 15 },
};

/** `tell` once in a window: the first time that something is too often. After that silence, until the window is over. */
export type Pace = 'go' | 'tell' | 'silent';

/**
 * How much is taken from each member, wherever they are, and from each guild. What a member has too much does not
 * count against their guild, so that nobody can use it up for the others.
 */
export class RateLimits {
  readonly #members: RateLimiterMemory;
  readonly #guilds: RateLimiterMemory;

  constructor({ member, guild }: RateLimitOptions = usualRateLimits) {
    this.#members = limiterOf(member);
    this.#guilds = limiterOf(guild);
  }

  async take(scope: string, member: string): Promise<Pace> {
    const own = await paceOf(this.#members, member);
    return own === 'go' ? paceOf(this.#guilds, scope) : own;
  }
}

function limiterOf({ count, windowSeconds }: RateLimit): RateLimiterMemory {
  return new RateLimiterMemory({ points: count, duration: windowSeconds });
}

async function paceOf(limiter: RateLimiterMemory, key: string): Promise<Pace> {
  try {
    await limiter.consume(key);
    return 'go';
  } catch (over) {
    if (!(over instanceof RateLimiterRes)) throw over;
    return over.consumedPoints === limiter.points + 1 ? 'tell' : 'silent';
  }
}
