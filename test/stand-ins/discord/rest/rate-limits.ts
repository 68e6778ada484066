import { createHash } from 'node:crypto';
import type { RouteName } from './route.ts';

export interface RateLimit {
  readonly requests: number;
  /** Real time: the client waits for it with its own timers. */
  readonly perMs: number;
}

interface Window {
  used: number;
  endsAt: number;
}

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to wait; null where the request may pass. */
  readonly retryAfterMs: number | null;
  readonly global: boolean;
}

const GENEROUS: RateLimit = { requests: 10_000, perMs: 1_000 };

/** What Discord was last seen to allow; it promises no numbers. */
const LIKE_DISCORD: readonly (readonly [RouteName, RateLimit])[] = [
  ['POST /channels/:channel/messages', { requests: 5, perMs: 5_000 }],
  ['PATCH /channels/:channel/messages/:message', { requests: 5, perMs: 5_000 }],
  ['POST /channels/:channel/typing', { requests: 5, perMs: 5_000 }],
  ['PUT /channels/:channel/messages/:message/reactions/:emoji/@me', { requests: 1, perMs: 250 }],
];

/** Buckets for each route and major parameter, and one for everything; generous until a test says otherwise. */
export class RateLimits {
  readonly #limits = new Map<RouteName, RateLimit>();
  readonly #windows = new Map<string, Window>();
  #global: RateLimit = GENEROUS;

  set(route: RouteName, limit: RateLimit): void {
    this.#limits.set(route, limit);
  }

  setGlobal(limit: RateLimit): void {
    this.#global = limit;
  }

  likeDiscord(): void {
    for (const [route, limit] of LIKE_DISCORD) this.set(route, limit);
    this.setGlobal({ requests: 50, perMs: 1_000 });
  }

  /** @param path decides over the bucket by its first id, the channel's, guild's or webhook's */
  count(route: RouteName, path: string, { countsGlobally }: { readonly countsGlobally: boolean }): Verdict {
    const now = Date.now();
    const limit = this.#limits.get(route) ?? GENEROUS;
    const major = /^\/(?:channels|guilds|webhooks)\/(\d+)/.exec(path)?.[1] ?? '';
    const bucket = this.#window(`${route} ${major}`, limit, now);
    const overall = countsGlobally ? this.#window('', this.#global, now) : undefined;
    const globally = overall !== undefined && overall.used >= this.#global.requests;
    const exhausted = globally ? overall : bucket.used >= limit.requests ? bucket : undefined;
    if (exhausted === undefined) {
      bucket.used += 1;
      if (overall !== undefined) overall.used += 1;
    }
    return {
      headers: {
        'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
        'x-ratelimit-limit': String(limit.requests),
        'x-ratelimit-remaining': String(limit.requests - bucket.used),
        'x-ratelimit-reset': String(bucket.endsAt / 1000),
        'x-ratelimit-reset-after': String((bucket.endsAt - now) / 1000),
      },
      retryAfterMs: exhausted === undefined ? null : exhausted.endsAt - now,
      global: globally,
    };
  }

  #window(key: string, { perMs }: RateLimit, now: number): Window {
    const known = this.#windows.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    const window = { used: 0, endsAt: now + perMs };
    this.#windows.set(key, window);
    return window;
  }
}
