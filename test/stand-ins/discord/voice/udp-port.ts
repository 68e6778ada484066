import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

const DISCOVERY = 74;
const REQUEST = 1;
const RESPONSE = 2;
const KEEP_ALIVE = 8;

export interface UdpHost {
  discovered(ssrc: number, from: RemoteInfo): void;
  kept(from: RemoteInfo): void;
  sound(packet: Buffer, from: RemoteInfo): void;
}

/** The datagrams of all calls: who one is, that one is still there, and sound. */
export class UdpPort {
  /** While it is true, everything that comes is lost and nothing is answered. */
  isSilent = false;
  readonly #socket: Socket = createSocket('udp4');
  readonly #host: UdpHost;

  constructor(host: UdpHost) {
    this.#host = host;
    this.#socket.on('message', (message, from) => this.#receive(message, from));
  }

  async start(): Promise<void> {
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
  }

  stop(): void {
    this.#socket.close();
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(message: Buffer, { address, port }: Pick<RemoteInfo, 'address' | 'port'>): void {
    if (!this.isSilent) this.#socket.send(message, port, address);
  }

  #receive(message: Buffer, from: RemoteInfo): void {
    if (this.isSilent) return;
    if (message.length === KEEP_ALIVE) this.#host.kept(from);
    else if (message.length === DISCOVERY && message.readUInt16BE(0) === REQUEST)
      this.#discover(message, from);
    else this.#host.sound(message, from);
  }

  #discover(request: Buffer, from: RemoteInfo): void {
    const ssrc = request.readUInt32BE(4);
    const response = Buffer.alloc(DISCOVERY);
    response.writeUInt16BE(RESPONSE, 0);
    response.writeUInt16BE(DISCOVERY - 4, 2);
    response.writeUInt32BE(ssrc, 4);
    response.write(from.address, 8);
    response.writeUInt16BE(from.port, DISCOVERY - 2);
    this.#host.discovered(ssrc, from);
    this.send(response, from);
  }
}
