import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError, apiError, NotInStandIn, plainError } from '../api-error.ts';
import { Inbox } from '../inbox.ts';
import { LoopbackServer } from '../loopback-server.ts';
import { type Body, readBody, type UploadedFile } from './body.ts';
import { type Fault, Faults } from './faults.ts';
import { RateLimits } from './rate-limits.ts';
import type { Answer, Call, Route, RouteName } from './route.ts';

const BASE = '/api/v10';

/** A request of the bot and what it was answered. */
export interface Exchange {
  readonly route: RouteName;
  /** Without the part before the resource. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  readonly status: number;
  readonly answer: unknown;
}

interface Incoming extends Body {
  readonly route: Route;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Discord's REST API v10. */
export class RestServer {
  readonly faults: Faults;
  readonly rateLimits = new RateLimits();
  readonly exchanges: Inbox<Exchange>;
  /** Requests that the real Discord has no such thing for, or that the stand-in does not know. */
  readonly unexpected: string[] = [];
  readonly #routes: readonly Route[];
  readonly #server: LoopbackServer;
  readonly #isToken: (token: string) => boolean;

  constructor({
    routes,
    isToken,
    context,
  }: {
    readonly routes: readonly Route[];
    readonly isToken: (token: string) => boolean;
    readonly context: () => string;
  }) {
    this.#routes = routes;
    this.#isToken = isToken;
    this.exchanges = new Inbox('a request of the bot', context);
    this.faults = new Faults((name) => routes.some((route) => route.name === name));
    this.#server = new LoopbackServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Where the API begins, without the version. */
  get url(): string {
    return `http://${this.#server.host}/api`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    try {
      const route = this.#routeOf(request, url.pathname);
      const incoming: Incoming = {
        route,
        path: url.pathname.slice(BASE.length),
        query: url.searchParams,
        ...(await readBody(request)),
      };
      await this.#answer(incoming, response);
    } catch (error) {
      const { status, body } = this.#refuse(error, `${request.method} ${url.pathname}`);
      send(response, status, body);
    }
  }

  #routeOf(request: IncomingMessage, pathname: string): Route {
    if (!pathname.startsWith(`${BASE}/`)) {
      if (pathname.startsWith('/api/v')) throw apiError('InvalidAPIVersion');
      throw this.#noSuchRoute(request, pathname);
    }
    const path = pathname.slice(BASE.length);
    const route = this.#routes.find(
      (candidate) => candidate.method === request.method && candidate.path.test(path),
    );
    if (route === undefined) throw this.#noSuchRoute(request, pathname);
    const token = /^Bot (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (route.needsBotToken && (token === undefined || !this.#isToken(token)))
      throw plainError(401, 'Unauthorized');
    return route;
  }

  #noSuchRoute(request: IncomingMessage, pathname: string): ApiError {
    this.unexpected.push(`${request.method} ${pathname}: there is no such route`);
    return plainError(404, 'Not Found');
  }

  async #answer(incoming: Incoming, response: ServerResponse): Promise<void> {
    const { route, path } = incoming;
    const fault = this.faults.next(route.name);
    if (fault?.after === false && (await befall(fault, response))) return;
    const limit = this.rateLimits.count(route.name, path, { countsGlobally: route.needsBotToken });
    if (limit.retryAfterMs !== null) {
      const answer = rateLimited(limit.retryAfterMs, limit.global ? 'global' : 'user');
      this.#record(incoming, answer);
      send(response, answer.status, answer.body, { ...limit.headers, ...answer.headers });
      return;
    }
    const answer = this.#handle(incoming);
    this.#record(incoming, answer);
    if (fault?.after === true && (await befall(fault, response))) return;
    send(response, answer.status, answer.body, limit.headers);
  }

  #handle({ route, path, query, json, files }: Incoming): Answer {
    const values = route.path.exec(path)?.groups ?? {};
    const call: Call = {
      parameter: (name: string) => decodeURIComponent(values[name] ?? ''),
      query,
      body: json,
      files,
    };
    try {
      return route.handle(call);
    } catch (error) {
      return this.#refuse(error, route.name);
    }
  }

  #refuse(error: unknown, what: string): Answer {
    if (error instanceof ApiError) return { status: error.status, body: error.body };
    const reason =
      error instanceof NotInStandIn ? error.message : error instanceof Error ? error.stack : error;
    this.unexpected.push(`${what}: ${reason}`);
    // A status that clients do not try again.
    return { status: 400, body: { code: 0, message: '400: Bad Request' } };
  }

  #record({ route, path, query, json, files }: Incoming, { status, body }: Answer): void {
    this.exchanges.add({
      route: route.name,
      path,
      query,
      body: json,
      files: [...files.values()],
      status,
      answer: body,
    });
  }
}

/** Whether nothing more is to be sent. */
async function befall(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'hold':
      fault.reached();
      await fault.until;
      return false;
    case 'hang up':
      hangUp(response.socket, fault.reset);
      return true;
    case 'status':
      send(response, fault.status, undefined);
      return true;
    case 'rate limit': {
      const { status, body, headers } = rateLimited(fault.retryAfterMs, fault.scope);
      send(response, status, body, headers);
      return true;
    }
  }
}

function hangUp(socket: Socket | null, reset: boolean): void {
  if (reset) socket?.resetAndDestroy();
  else socket?.destroy();
}

function rateLimited(retryAfterMs: number, scope: 'user' | 'global' | 'shared') {
  const seconds = retryAfterMs / 1000;
  const global = scope === 'global';
  return {
    status: 429,
    body: { code: 0, message: 'You are being rate limited.', retry_after: seconds, global },
    headers: {
      'retry-after': String(seconds),
      'x-ratelimit-scope': scope,
      ...(global && { 'x-ratelimit-global': 'true' }),
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body));
}
