import { GatewayCloseCodes as Close, GatewayOpcodes as Op } from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import {
  type Identify,
  type RequestGuildMembers,
  type Resume,
  SentPayload,
  type VoiceStateRequest,
} from './payloads.ts';
import type { Wire } from './session.ts';

const MAX_PAYLOADS = 120;
const PAYLOAD_WINDOW_MS = 60_000;

/** What the gateway makes of what a connection says. */
export interface ConnectionHost {
  identified(connection: Connection, identify: Identify): void;
  resumed(connection: Connection, resume: Resume): void;
  beat(connection: Connection): void;
  changedPresence(presence: object): void;
  requestedMembers(connection: Connection, request: RequestGuildMembers): void;
  requestedVoiceState(connection: Connection, request: VoiceStateRequest): void;
  closed(connection: Connection, code: number): void;
}

/** One WebSocket of the bot, from the hello to the close. */
export class Connection implements Wire {
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  #authenticated = false;
  #payloads = 0;
  #windowEndsAt = 0;

  constructor(socket: WebSocket, host: ConnectionHost, { heartbeatMs }: { readonly heartbeatMs: number }) {
    this.#socket = socket;
    this.#host = host;
    socket.on('message', (data) => this.#receive(data));
    socket.on('close', (code) => host.closed(this, code));
    // A connection that breaks is closed as well, and that is what counts.
    socket.on('error', () => {});
    this.sendPayload({ op: Op.Hello, d: { heartbeat_interval: heartbeatMs } });
  }

  send(json: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(json);
  }

  sendPayload(payload: { readonly op: Op; readonly d?: unknown }): void {
    this.send(JSON.stringify({ t: null, s: null, ...payload }));
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason);
  }

  /** Without a close frame, as when a network goes away. */
  drop(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData): void {
    const payload = this.#parse(data);
    if (payload === undefined) return;
    if (this.#isTooFast()) {
      this.close(Close.RateLimited, 'You are being rate limited.');
      return;
    }
    switch (payload.op) {
      case Op.Heartbeat:
        this.#host.beat(this);
        return;
      case Op.Identify:
        if (this.#authenticate()) this.#host.identified(this, payload.d);
        return;
      case Op.Resume:
        if (this.#authenticate()) this.#host.resumed(this, payload.d);
        return;
    }
    if (!this.#authenticated) {
      this.close(Close.NotAuthenticated, 'Not authenticated.');
      return;
    }
    if (payload.op === Op.PresenceUpdate) this.#host.changedPresence(payload.d);
    if (payload.op === Op.RequestGuildMembers) this.#host.requestedMembers(this, payload.d);
    if (payload.op === Op.VoiceStateUpdate) this.#host.requestedVoiceState(this, payload.d);
  }

  #parse(data: RawData): SentPayload | undefined {
    try {
      const { data: payload, error } = SentPayload.safeParse(JSON.parse(String(data)));
      if (error === undefined) return payload;
      const unknownOp = error.issues.some(({ code, path }) => code === 'invalid_union' && path[0] === 'op');
      this.close(unknownOp ? Close.UnknownOpcode : Close.DecodeError, 'Error while decoding payload.');
    } catch {
      this.close(Close.DecodeError, 'Error while decoding payload.');
    }
    return undefined;
  }

  #authenticate(): boolean {
    if (this.#authenticated) {
      this.close(Close.AlreadyAuthenticated, 'Already authenticated.');
      return false;
    }
    this.#authenticated = true;
    return true;
  }

  /** A resume that was refused leaves the connection open for another try. */
  unauthenticate(): void {
    this.#authenticated = false;
  }

  #isTooFast(): boolean {
    const now = Date.now();
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + PAYLOAD_WINDOW_MS;
      this.#payloads = 0;
    }
    return ++this.#payloads > MAX_PAYLOADS;
  }
}
