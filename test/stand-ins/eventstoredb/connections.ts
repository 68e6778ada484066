import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** The connections of a server, which can be broken off as they are when a process is killed. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  readonly #take: (socket: Socket) => void;
  #server: Server | null = null;

  constructor(take: (socket: Socket) => void) {
    this.#take = take;
  }

  get count(): number {
    return this.#sockets.size;
  }

  /** @param port 0 for any @returns the port */
  async listen(port: number): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      this.#take(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the stand-in has no port');
    return address.port;
  }

  /** Every connection breaks, and no other is taken. */
  async breakOff(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = server === null ? Promise.resolve() : once(server, 'close');
    server?.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }
}
