import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** An HTTP server on a free port of the loopback interface, whose connections can all be closed at once. */
export class LoopbackServer {
  readonly http: Server;

  constructor(listener?: RequestListener) {
    this.http = createServer(listener);
  }

  async start(): Promise<void> {
    this.http.listen(0, '127.0.0.1');
    await once(this.http, 'listening');
  }

  /** Host and port. */
  get host(): string {
    const address = this.http.address();
    if (address === null || typeof address === 'string') throw new Error('The stand-in is not started.');
    return `127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    if (!this.http.listening) return;
    const closed = once(this.http, 'close');
    this.http.close();
    this.http.closeAllConnections();
    await closed;
  }
}
