import type { RouteName } from './route.ts';

/** What goes wrong with a request; `after` its effect, the bot cannot know that it has been carried out. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly after: boolean }
  | { readonly kind: 'hang up'; readonly reset: boolean; readonly after: boolean }
  | {
      readonly kind: 'hold';
      readonly until: Promise<void>;
      readonly reached: () => void;
      readonly after: boolean;
    }
  | {
      readonly kind: 'rate limit';
      readonly retryAfterMs: number;
      readonly scope: 'user' | 'global' | 'shared';
      readonly after: false;
    };

interface Planned {
  readonly route: RouteName;
  readonly fault: Fault;
  left: number;
}

interface Timing {
  /** How many requests it befalls; 1 unless said otherwise. */
  readonly times?: number;
  /** Whether the request is carried out before; it is not unless said otherwise. */
  readonly after?: boolean;
}

/** What a test lets go wrong with the next requests to a route. */
export class Faults {
  readonly #known: (name: RouteName) => boolean;
  #planned: Planned[] = [];

  constructor(known: (name: RouteName) => boolean) {
    this.#known = known;
  }

  /** An answer such as 500 or 502 without Discord's error in it. */
  fail(route: RouteName, { status = 500, times, after = false }: Timing & { readonly status?: number } = {}) {
    this.#plan(route, { kind: 'status', status, after }, times);
  }

  /** A connection that is closed without an answer. @param reset rudely, with a TCP reset */
  hangUp(
    route: RouteName,
    { reset = false, times, after = false }: Timing & { readonly reset?: boolean } = {},
  ) {
    this.#plan(route, { kind: 'hang up', reset, after }, times);
  }

  /** A 429. @param retryAfterMs real time, since that is what the client waits */
  rateLimit(
    route: RouteName,
    {
      retryAfterMs = 50,
      scope = 'user',
      times,
    }: {
      readonly retryAfterMs?: number;
      readonly scope?: 'user' | 'global' | 'shared';
      readonly times?: number;
    } = {},
  ) {
    this.#plan(route, { kind: 'rate limit', retryAfterMs, scope, after: false }, times);
  }

  /** An answer that does not come until the test releases it; `reached` resolves when the request is there. */
  hold(
    route: RouteName,
    { times, after = false }: Timing = {},
  ): {
    readonly reached: Promise<void>;
    readonly release: () => void;
  } {
    const released = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    this.#plan(route, { kind: 'hold', until: released.promise, reached: reached.resolve, after }, times);
    return { reached: reached.promise, release: released.resolve };
  }

  /** Lets everything go well again. */
  clear(): void {
    this.#planned = [];
  }

  /** The fault that befalls this request. */
  next(route: RouteName): Fault | undefined {
    const planned = this.#planned.find((candidate) => candidate.route === route);
    if (planned === undefined) return undefined;
    planned.left -= 1;
    if (planned.left === 0) this.#planned = this.#planned.filter((candidate) => candidate !== planned);
    return planned.fault;
  }

  #plan(route: RouteName, fault: Fault, times = 1): void {
    if (!this.#known(route)) throw new Error(`The stand-in has no route ${route}.`);
    this.#planned.push({ route, fault, left: times });
  }
}
