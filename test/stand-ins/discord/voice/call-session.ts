import { randomBytes } from 'node:crypto';
import type { Snowflake } from 'discord-api-types/v10';
import type { VoiceOpcodes as Op } from 'discord-api-types/voice/v8';
import type { Inbox } from '../inbox.ts';
import type { HeardPacket } from './heard-sound.ts';
import { sealRtp } from './rtp.ts';
import type { VoiceSocket } from './voice-socket.ts';

/** With what a client is let into a call: the main gateway gives it the same. */
export interface Ticket {
  readonly guild: Snowflake;
  readonly channel: Snowflake;
  readonly user: Snowflake;
  readonly session: string;
  readonly token: string;
}

export interface Address {
  readonly address: string;
  readonly port: number;
}

interface Numbered {
  readonly seq: number;
  readonly message: string | Buffer;
}

/** Somebody else in the call, as the session sees them. */
interface Speaker {
  readonly ssrc: number;
  sequence: number;
  timestamp: number;
}

/** One client in one call; it outlives a connection that breaks. */
export class CallSession {
  readonly ticket: Ticket;
  readonly ssrc: number;
  readonly key: Uint8Array = randomBytes(32);
  readonly heard: Inbox<HeardPacket>;
  readonly speakers = new Map<Snowflake, Speaker>();
  /** As the discovery found it. */
  address: Address | null = null;
  isDescribed = false;
  /** Whether it says that it speaks. */
  isSpeaking = false;
  /** The highest version of the end-to-end encryption that the client offered. */
  daveOffered = 0;
  #socket: VoiceSocket | null = null;
  #seq = 0;
  #nonce = 0;
  #sent: Numbered[] = [];

  constructor(ticket: Ticket, ssrc: number, heard: Inbox<HeardPacket>) {
    this.ticket = ticket;
    this.ssrc = ssrc;
    this.heard = heard;
  }

  isOn(socket: VoiceSocket): boolean {
    return this.#socket === socket;
  }

  attach(socket: VoiceSocket): void {
    this.#socket = socket;
  }

  detach(): void {
    this.#socket = null;
  }

  close(code: number): void {
    this.#socket?.close(code);
  }

  /** What is not numbered, and not sent again after a resume. */
  tell(op: Op, d: unknown): void {
    this.#socket?.send(JSON.stringify({ op, d }));
  }

  /** Something that Discord would not say. */
  tellRaw(message: string | Buffer): void {
    this.#socket?.send(message);
  }

  tellNumbered(op: Op, d: unknown): void {
    this.#seq += 1;
    this.#keep(JSON.stringify({ op, d, seq: this.#seq }));
  }

  tellBinary(op: Op, payload: Uint8Array): void {
    this.#seq += 1;
    const head = Buffer.alloc(3);
    head.writeUInt16BE(this.#seq, 0);
    head.writeUInt8(op, 2);
    this.#keep(Buffer.concat([head, payload]));
  }

  /** Sends what came after that number again. */
  resume(socket: VoiceSocket, { after }: { readonly after: number }): void {
    this.#socket = socket;
    for (const { seq, message } of this.#sent) if (seq > after) socket.send(message);
  }

  /** The next packet of what somebody else says, sealed for this client. */
  nextPacketOf({ ssrc, ...speaker }: Speaker, opus: Buffer): Buffer {
    this.#nonce += 1;
    return sealRtp({ ...speaker, ssrc, nonce: this.#nonce, opus }, this.key);
  }

  #keep(message: string | Buffer): void {
    this.#sent.push({ seq: this.#seq, message });
    this.#socket?.send(message);
  }
}
