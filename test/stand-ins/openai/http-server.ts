import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from './api-error.ts';
import { type Fault, Faults } from './faults.ts';
import type { Answer, Call, Route } from './route.ts';

const BASE = '/v1';

/** A request and what it was answered. */
export interface Exchange {
  /** As the stand-in names it, such as `GET /files/:id`. */
  readonly route: string;
  /** Without the base. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly form: FormData | null;
  readonly status: number;
  /** Null where nothing was answered that could be told: bytes, or a fault. */
  readonly answer: Exclude<Answer, { kind: 'bytes' }> | null;
}

interface Incoming extends Omit<Exchange, 'status' | 'answer'> {
  readonly handle: Route['handle'];
  readonly parameters: Readonly<Record<string, string>>;
}

interface Sent {
  readonly status: number;
  readonly type: string;
  readonly content: Uint8Array;
}

/** The API over HTTP, or over HTTPS where there is a certificate. */
export class ApiServer {
  readonly faults: Faults;
  /** In the order in which they were answered. */
  readonly exchanges: Exchange[] = [];
  /** Requests that no such API has, or that the stand-in does not know. */
  readonly unexpected: string[] = [];
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';
  readonly #routes: readonly { readonly route: Route; readonly method: string; readonly path: RegExp }[];
  readonly #isKey: (key: string) => boolean;

  constructor({
    routes,
    isKey,
    certificate,
  }: {
    readonly routes: readonly Route[];
    readonly isKey: (key: string) => boolean;
    readonly certificate: { readonly key: string; readonly cert: string } | null;
  }) {
    this.#routes = routes.map((route) => {
      const [method = '', template = ''] = route.name.split(' ');
      const path = new RegExp(`^${template.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
      return { route, method, path };
    });
    this.#isKey = isKey;
    this.faults = new Faults((name) => routes.some((route) => route.name === name));
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      void this.#serve(request, response);
    };
    this.#scheme = certificate === null ? 'http' : 'https';
    this.#server =
      certificate === null ? createHttpServer(listener) : createHttpsServer({ ...certificate }, listener);
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The stand-in is not started.');
    return `${this.#scheme}://127.0.0.1:${address.port}${BASE}`;
  }

  /** The requests to a route so far. */
  requests(route: string): readonly Exchange[] {
    return this.exchanges.filter((exchange) => exchange.route === route);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const incoming = await this.#read(request);
      await this.#answer(incoming, response);
    } catch (error) {
      if (error instanceof ApiError) return sendJson(response, error.status, error.body);
      this.unexpected.push(
        `${request.method} ${request.url}: ${error instanceof Error ? error.stack : error}`,
      );
      // A status that clients do not try again.
      sendJson(response, 400, new ApiError(400, 'The stand-in failed.').body);
    }
  }

  async #read(request: IncomingMessage): Promise<Incoming> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const path = url.pathname.startsWith(`${BASE}/`) ? url.pathname.slice(BASE.length) : '';
    const found = this.#routes.find(
      ({ method, path: pattern }) => method === request.method && pattern.test(path),
    );
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    if (found === undefined) {
      this.unexpected.push(`${request.method} ${url.pathname}: there is no such route`);
      throw new ApiError(404, `Invalid URL (${request.method} ${url.pathname})`);
    }
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined || !this.#isKey(key)) {
      throw new ApiError(401, `Incorrect API key provided: ${key ?? ''}.`, { code: 'invalid_api_key' });
    }
    const { body, form } = await parse(Buffer.concat(pieces), request.headers['content-type']);
    return {
      route: found.route.name,
      handle: found.route.handle,
      parameters: found.path.exec(path)?.groups ?? {},
      path,
      query: url.searchParams,
      headers: request.headers,
      body,
      form,
    };
  }

  async #answer(incoming: Incoming, response: ServerResponse): Promise<void> {
    const fault = this.faults.next(incoming.route);
    if (fault !== undefined && 'after' in fault && !fault.after && (await befall(fault, response))) {
      this.#record(incoming, fault.kind === 'status' ? fault.status : 0, null);
      return;
    }
    const { status, answer } = await carryOut(incoming);
    const isAsMeant = fault === undefined || fault.kind === 'hold' || fault.kind === 'trickle';
    this.#record(incoming, status, isAsMeant && answer.kind !== 'bytes' ? answer : null);
    if (fault !== undefined && 'after' in fault && fault.after && (await befall(fault, response))) return;
    const changed =
      fault?.kind === 'changed' && answer.kind !== 'bytes' ? applyChange(answer, fault.change) : answer;
    if (fault === undefined && changed.kind === 'events' && changed.everyMs !== undefined)
      await sendSlowly(response, changed.events, changed.everyMs);
    else await send(response, { status, ...encode(changed) }, fault);
  }

  #record({ handle: _, parameters: __, ...incoming }: Incoming, status: number, answer: Exchange['answer']) {
    this.exchanges.push({ ...incoming, status, answer });
  }
}

async function parse(
  content: Uint8Array<ArrayBuffer>,
  type = '',
): Promise<{ readonly body: unknown; readonly form: FormData | null }> {
  if (content.length === 0) return { body: undefined, form: null };
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(content, { headers: { 'content-type': type } }).formData();
    return { body: undefined, form };
  }
  try {
    return { body: JSON.parse(Buffer.from(content).toString()), form: null };
  } catch {
    throw new ApiError(400, 'We could not parse the JSON body of your request.');
  }
}

async function carryOut({
  handle,
  parameters,
  query,
  body,
  form,
}: Incoming): Promise<{ readonly status: number; readonly answer: Answer }> {
  const call: Call = {
    parameter: (name) => decodeURIComponent(parameters[name] ?? ''),
    query,
    body,
    form,
  };
  try {
    return { status: 200, answer: await handle(call) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, answer: { kind: 'json', body: error.body } };
  }
}

/** Whether nothing more is to be sent. */
async function befall(fault: Extract<Fault, { after: boolean }>, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'hold':
      fault.reached();
      await fault.until;
      return false;
    case 'hang up':
      response.socket?.destroy();
      return true;
    case 'status':
      sendJson(response, fault.status, fault.body, fault.headers);
      return true;
  }
}

function applyChange(answer: Exclude<Answer, { kind: 'bytes' }>, change: (body: unknown) => unknown): Answer {
  if (answer.kind === 'json') return { kind: 'json', body: change(structuredClone(answer.body)) };
  return { kind: 'events', events: answer.events.map((event) => change(structuredClone(event))) };
}

function encode(answer: Answer): Omit<Sent, 'status'> {
  switch (answer.kind) {
    case 'json':
      return { type: 'application/json', content: Buffer.from(JSON.stringify(answer.body) ?? '') };
    case 'bytes':
      return { type: 'application/octet-stream', content: answer.content };
    case 'events': {
      return { type: 'text/event-stream', content: Buffer.from(linesOf(answer.events).join('')) };
    }
  }
}

/** Each event as it is sent, and the end. */
function linesOf(events: readonly unknown[]): readonly string[] {
  return [...events.map((event) => JSON.stringify(event)), '[DONE]'].map((event) => `data: ${event}\n\n`);
}

/** As a model that thinks about each word. */
async function sendSlowly(
  response: ServerResponse,
  events: readonly unknown[],
  everyMs: number,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_stand_in' });
  for (const [index, line] of linesOf(events).entries()) {
    if (index > 0) await pause(everyMs);
    if (response.destroyed) return;
    response.write(line);
  }
  response.end();
}

async function send(response: ServerResponse, sent: Sent, fault: Fault | undefined): Promise<void> {
  const { status, type } = sent;
  const content = fault?.kind === 'garbage' ? Buffer.from('{"id": "<html>502</html>') : sent.content;
  response.writeHead(status, { 'content-type': type, 'x-request-id': 'req_stand_in' });
  if (fault?.kind === 'half') {
    response.write(content.subarray(0, Math.floor(content.length / 2)));
    // So that the client has what was sent before the connection breaks.
    await pause(20);
    if (fault.ending === 'broken') response.socket?.destroy();
    else response.end();
    return;
  }
  if (fault?.kind === 'trickle') {
    for (let at = 0; at < content.length && !response.destroyed; at++) {
      response.write(content.subarray(at, at + 1));
      await pause(fault.everyMs);
    }
    response.end();
    return;
  }
  response.end(content);
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
