import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '../../domain/ports.ts';
import type { Metrics } from './metrics.ts';

export interface Health {
  readonly ok: boolean;
  /** What each part says of itself. */
  readonly parts: Readonly<Record<string, string>>;
}

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly health: () => Promise<Health>;
  readonly log: Log;
}

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/healthz` and `/metrics` over HTTP. @throws Error where the port cannot be had */
export async function serveMetrics(options: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    respond(request, response, options).catch((error: unknown) => {
      options.log.error('metrics', error);
      send(response, 500, 'text/plain', 'failed\n');
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port, options.host, resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function respond(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { metrics, health }: MetricsServerOptions,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return send(response, 405, 'text/plain', 'only GET\n');
  switch (url?.split('?')[0]) {
    case '/healthz': {
      const { ok, parts } = await health();
      return send(response, ok ? 200 : 503, 'application/json', `${JSON.stringify({ ok, ...parts })}\n`);
    }
    case '/metrics':
      return send(response, 200, metrics.contentType, await metrics.text());
    default:
      return send(response, 404, 'text/plain', 'there are /healthz and /metrics\n');
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
