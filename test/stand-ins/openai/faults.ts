/** When a fault befalls a request: instead of what was asked for, or once that is done. */
interface Timed {
  readonly after: boolean;
}

/** What goes wrong with a request. */
export type Fault =
  | (Timed & {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    })
  | (Timed & { readonly kind: 'hang up' })
  | (Timed & {
      readonly kind: 'hold';
      readonly until: Promise<void>;
      readonly reached: () => void;
    })
  /** A whole answer that is no JSON. */
  | { readonly kind: 'garbage' }
  /** The first half of the answer's bytes; then the connection breaks, or ends as if that were all. */
  | { readonly kind: 'half'; readonly ending: 'broken' | 'clean' }
  /** One byte at a time. */
  | { readonly kind: 'trickle'; readonly everyMs: number }
  /** An answer that another server might give. */
  | { readonly kind: 'changed'; readonly change: (body: unknown) => unknown };

interface Planned {
  readonly route: string;
  readonly fault: Fault;
  left: number;
}

interface Timing {
  /** How many requests it befalls; 1 unless said otherwise. */
  readonly times?: number;
  /** Whether the request is carried out before; it is not unless said otherwise. */
  readonly after?: boolean;
}

/** What a test lets go wrong with the next requests to a route, such as `POST /fine_tuning/jobs`. */
export class Faults {
  readonly #known: (route: string) => boolean;
  #planned: Planned[] = [];

  constructor(known: (route: string) => boolean) {
    this.#known = known;
  }

  fail(
    route: string,
    {
      status = 500,
      headers = {},
      body = {
        error: { message: 'The server had an error.', type: 'server_error', param: null, code: null },
      },
      times,
      after = false,
    }: Timing & {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    } = {},
  ): void {
    this.#plan(route, { kind: 'status', status, headers, body, after }, times);
  }

  /** @param retryAfter in seconds; without it the server does not say when to come back */
  rateLimit(
    route: string,
    { retryAfter, times }: { readonly retryAfter?: number; readonly times?: number } = {},
  ) {
    const error = {
      message: 'Rate limit reached.',
      type: 'requests',
      param: null,
      code: 'rate_limit_exceeded',
    };
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    this.#plan(route, { kind: 'status', status: 429, headers, body: { error }, after: false }, times);
  }

  /** A connection that is closed without an answer. */
  hangUp(route: string, { times, after = false }: Timing = {}): void {
    this.#plan(route, { kind: 'hang up', after }, times);
  }

  /** An answer that does not come until the test releases it; `reached` resolves when the request is there. */
  hold(
    route: string,
    { times, after = false }: Timing = {},
  ): { readonly reached: Promise<void>; readonly release: () => void } {
    const released = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    this.#plan(route, { kind: 'hold', until: released.promise, reached: reached.resolve, after }, times);
    return { reached: reached.promise, release: released.resolve };
  }

  /** The request is carried out, but what comes back cannot be read. */
  garble(route: string, { times }: Pick<Timing, 'times'> = {}): void {
    this.#plan(route, { kind: 'garbage' }, times);
  }

  /** The request is carried out, but only half of the answer comes back. */
  halve(
    route: string,
    { ending = 'broken', times }: Pick<Timing, 'times'> & { readonly ending?: 'broken' | 'clean' } = {},
  ): void {
    this.#plan(route, { kind: 'half', ending }, times);
  }

  trickle(route: string, { everyMs, times }: Pick<Timing, 'times'> & { readonly everyMs: number }): void {
    this.#plan(route, { kind: 'trickle', everyMs }, times);
  }

  /** The request is carried out, and its answer changed on the way. */
  change<T>(route: string, change: (body: T) => unknown, { times }: Pick<Timing, 'times'> = {}): void {
    // The test says what the route answers.
    this.#plan(route, { kind: 'changed', change: (body) => change(body as T) }, times);
  }

  /** Lets everything go well again. */
  clear(): void {
    this.#planned = [];
  }

  /** The fault that befalls this request. */
  next(route: string): Fault | undefined {
    const planned = this.#planned.find((candidate) => candidate.route === route);
    if (planned === undefined) return undefined;
    planned.left -= 1;
    if (planned.left === 0) this.#planned = this.#planned.filter((candidate) => candidate !== planned);
    return planned.fault;
  }

  #plan(route: string, fault: Fault, times = 1): void {
    if (!this.#known(route)) throw new Error(`The stand-in has no route ${route}.`);
    this.#planned.push({ route, fault, left: times });
  }
}
