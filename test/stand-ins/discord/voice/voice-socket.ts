import { VoiceCloseCodes as Close, VoiceOpcodes as Op } from 'discord-api-types/voice/v8';
import type { RawData, WebSocket } from 'ws';
import { SentVoicePayload } from './payloads.ts';

export interface BinaryMessage {
  readonly op: Op;
  readonly payload: Buffer;
}

export interface VoiceSocketHost {
  received(socket: VoiceSocket, payload: SentVoicePayload): void;
  receivedBinary(socket: VoiceSocket, message: BinaryMessage): void;
  closed(socket: VoiceSocket, code: number): void;
}

/** One WebSocket of a client in a call. */
export class VoiceSocket {
  readonly #socket: WebSocket;
  readonly #host: VoiceSocketHost;

  constructor(socket: WebSocket, host: VoiceSocketHost, { heartbeatMs }: { readonly heartbeatMs: number }) {
    this.#socket = socket;
    this.#host = host;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', (code) => host.closed(this, code));
    // A connection that breaks is closed as well, and that is what counts.
    socket.on('error', () => {});
    this.send(JSON.stringify({ op: Op.Hello, d: { v: 8, heartbeat_interval: heartbeatMs } }));
  }

  send(message: string | Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(message);
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** Without a close frame, as when a network goes away. */
  drop(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    const bytes = Array.isArray(data)
      ? Buffer.concat(data)
      : data instanceof ArrayBuffer
        ? Buffer.from(data)
        : data;
    if (isBinary) {
      this.#host.receivedBinary(this, { op: bytes.readUInt8(0), payload: bytes.subarray(1) });
      return;
    }
    const payload = parsed(bytes);
    if (typeof payload === 'number') this.close(payload);
    else this.#host.received(this, payload);
  }
}

function parsed(bytes: Buffer): SentVoicePayload | Close {
  try {
    const { data, error } = SentVoicePayload.safeParse(JSON.parse(String(bytes)));
    if (error === undefined) return data;
    const isUnknown = error.issues.some(({ code, path }) => code === 'invalid_union' && path[0] === 'op');
    return isUnknown ? Close.UnknownOpcode : Close.FailedToDecode;
  } catch {
    return Close.FailedToDecode;
  }
}
