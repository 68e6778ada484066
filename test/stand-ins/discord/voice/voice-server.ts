import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { Snowflake } from 'discord-api-types/v10';
import {
  VoiceCloseCodes as Close,
  VoiceEncryptionMode as Mode,
  VoiceOpcodes as Op,
  VoiceGatewayVersion,
} from 'discord-api-types/voice/v8';
import { WebSocketServer } from 'ws';
import type { World } from '../state/world.ts';
import { CallSession, type Ticket } from './call-session.ts';
import { type Certificate, loopbackCertificate } from './certificate.ts';
import type { HeardPacket } from './heard-sound.ts';
import type {
  SelectProtocol,
  SentVoicePayload,
  VoiceHeartbeat,
  VoiceIdentify,
  VoiceResume,
} from './payloads.ts';
import { openRtp, type RtpPacket } from './rtp.ts';
import { UdpPort } from './udp-port.ts';
import { type BinaryMessage, VoiceSocket } from './voice-socket.ts';

const MODES: readonly Mode[] = [Mode.AeadAes256GcmRtpSize, Mode.AeadXChaCha20Poly1305RtpSize];
/** That of the one mode of which the stand-in knows the cipher; Discord's own clients take it too. */
const SPOKEN_MODE = Mode.AeadAes256GcmRtpSize;

/** One of Discord's voice servers: voice gateway 8 over TLS, sound over UDP, and what a test can do to it. */
export class VoiceServer {
  readonly identifies;
  readonly resumes;
  /** The sequence numbers that the client had seen with each of its heartbeats. */
  readonly heartbeats;
  /** The codes with which the client's connections ended, whoever ended them. */
  readonly closes;
  /** Those that could speak and hear. */
  readonly sessions;
  /** Messages of the end-to-end encryption. */
  readonly dave;
  /** Things that a client of Discord does not do. */
  readonly unexpected: string[] = [];
  readonly udp: UdpPort;
  /** Every client that identifies is closed with this code. */
  refusal: number | null = null;
  /** While it is false, a resume is heard and not answered. */
  answersResumes = true;
  /** The version of the end-to-end encryption that a call begins with. */
  daveVersion = 0;
  readonly heartbeatMs: number;
  readonly #world: World;
  readonly #webSockets = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<VoiceSocket>();
  readonly #tickets = new Map<string, CallSession>();
  #server: Server | undefined;
  #certificate: Certificate | undefined;
  #ssrc = 1_000;

  constructor(world: World, { heartbeatMs }: { readonly heartbeatMs: number }) {
    this.#world = world;
    this.heartbeatMs = heartbeatMs;
    this.identifies = world.inbox<VoiceIdentify>('the bot to identify for a call');
    this.resumes = world.inbox<VoiceResume>('the bot to resume a call');
    this.heartbeats = world.inbox<number>('a heartbeat of a call');
    this.closes = world.inbox<number>('a connection of a call to end');
    this.sessions = world.inbox<CallSession>('the bot to be ready in a call');
    this.dave = world.inbox<BinaryMessage & { readonly session: CallSession }>('a message of DAVE');
    this.udp = new UdpPort({
      discovered: (ssrc, { address, port }) => {
        const session = this.#sessionWith(ssrc);
        if (session !== undefined) session.address = { address, port };
      },
      kept: () => {},
      sound: (packet, { port }) => this.#hear(packet, port),
    });
  }

  async start(): Promise<void> {
    this.#certificate = await loopbackCertificate();
    this.#server = createServer(this.#certificate);
    this.#server.on('upgrade', (request, socket, head) => {
      const version = new URL(request.url ?? '/', 'https://stand-in').searchParams.get('v');
      if (version !== VoiceGatewayVersion) this.unexpected.push(`a voice gateway of version ${version}`);
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#sockets.add(new VoiceSocket(webSocket, this, { heartbeatMs: this.heartbeatMs })),
      );
    });
    this.#server.listen(0, '127.0.0.1');
    await Promise.all([once(this.#server, 'listening'), this.udp.start()]);
  }

  async stop(): Promise<void> {
    if (this.#server === undefined) return;
    const closed = once(this.#server, 'close');
    for (const socket of this.#sockets) socket.drop();
    this.#webSockets.close();
    this.#server.close();
    this.#server.closeAllConnections();
    this.udp.stop();
    await closed;
  }

  /** Whose voucher a client has to trust, as PEM. */
  get certificate(): Certificate {
    if (this.#certificate === undefined) throw new Error('The voice server is not started.');
    return this.#certificate;
  }

  /** Without a scheme, as the main gateway names it. */
  get endpoint(): string {
    const address = this.#server?.address();
    if (address === null || address === undefined || typeof address === 'string')
      throw new Error('The voice server is not started.');
    return `127.0.0.1:${address.port}`;
  }

  // --- what the main gateway and a test do to it

  /** Lets in who comes with this; whoever had one for the same guild is no longer known. */
  expect(ticket: Ticket): CallSession {
    this.forget(ticket);
    this.#ssrc += 1;
    const session = new CallSession(
      ticket,
      this.#ssrc,
      this.#world.inbox<HeardPacket>('sound of the bot in a call'),
    );
    this.#tickets.set(ticket.token, session);
    return session;
  }

  forget({ guild, user }: Pick<Ticket, 'guild' | 'user'>): void {
    for (const [token, { ticket }] of this.#tickets)
      if (ticket.guild === guild && ticket.user === user) this.#tickets.delete(token);
  }

  sessionOf(guild: Snowflake): CallSession | undefined {
    return [...this.#tickets.values()].find(({ ticket }) => ticket.guild === guild);
  }

  /** Ends every connection. @param code of the close frame; without one the connections break */
  cut({ code }: { readonly code?: number } = {}): void {
    for (const socket of this.#sockets) {
      if (code === undefined) socket.drop();
      else socket.close(code);
    }
  }

  // --- what clients say

  received(socket: VoiceSocket, payload: SentVoicePayload): void {
    const session = this.#sessionOn(socket);
    if (payload.op === Op.Identify) this.#identify(socket, payload.d);
    else if (payload.op === Op.Resume) this.#resume(socket, payload.d);
    else if (payload.op === Op.Heartbeat) this.#beat(socket, payload.d);
    else if (session === undefined) socket.close(Close.NotAuthenticated);
    else if (payload.op === Op.SelectProtocol) this.#describe(session, payload.d);
    else if (payload.op === Op.Speaking) session.isSpeaking = payload.d.speaking !== 0;
    else this.dave.add({ op: payload.op, payload: Buffer.from(JSON.stringify(payload.d)), session });
  }

  receivedBinary(socket: VoiceSocket, message: BinaryMessage): void {
    const session = this.#sessionOn(socket);
    if (session === undefined) socket.close(Close.NotAuthenticated);
    else this.dave.add({ ...message, session });
  }

  closed(socket: VoiceSocket, code: number): void {
    this.closes.add(code);
    this.#sockets.delete(socket);
    this.#sessionOn(socket)?.detach();
  }

  #beat(socket: VoiceSocket, { t, seq_ack: seen }: VoiceHeartbeat): void {
    this.heartbeats.add(seen);
    socket.send(JSON.stringify({ op: Op.HeartbeatAck, d: { t } }));
  }

  #identify(socket: VoiceSocket, identify: VoiceIdentify): void {
    this.identifies.add(identify);
    const session = this.#tickets.get(identify.token);
    const isKnown =
      session !== undefined && fits(session, identify) && session.ticket.user === identify.user_id;
    if (this.#sessionOn(socket) !== undefined) socket.close(Close.AlreadyAuthenticated);
    else if (this.refusal !== null) socket.close(this.refusal);
    else if (!isKnown) socket.close(Close.AuthenticationFailed);
    else {
      session.daveOffered = identify.max_dave_protocol_version ?? 0;
      session.attach(socket);
      session.tell(Op.Ready, { ssrc: session.ssrc, ip: '127.0.0.1', port: this.udp.port, modes: MODES });
    }
  }

  #resume(socket: VoiceSocket, resume: VoiceResume): void {
    this.resumes.add(resume);
    if (!this.answersResumes) return;
    const session = this.#tickets.get(resume.token);
    if (session?.isDescribed !== true || !fits(session, resume)) socket.close(Close.SessionNoLongerValid);
    else {
      socket.send(JSON.stringify({ op: Op.Resumed, d: null }));
      session.resume(socket, { after: resume.seq_ack });
    }
  }

  #describe(session: CallSession, { protocol, data }: SelectProtocol): void {
    if (data.address !== session.address?.address || data.port !== session.address.port)
      this.unexpected.push('an address that the discovery did not find');
    if (protocol !== 'udp') session.close(Close.UnknownProtocol);
    else if (data.mode !== SPOKEN_MODE) session.close(Close.UnknownEncryptionMode);
    else {
      session.isDescribed = true;
      session.tellNumbered(Op.SessionDescription, {
        mode: SPOKEN_MODE,
        secret_key: [...session.key],
        dave_protocol_version: Math.min(this.daveVersion, session.daveOffered),
      });
      const users = [...session.speakers.keys()];
      if (users.length > 0) session.tellNumbered(Op.ClientsConnect, { user_ids: users });
      this.sessions.add(session);
    }
  }

  #hear(packet: Buffer, port: number): void {
    const at = performance.now();
    const session = [...this.#tickets.values()].find(({ address }) => address?.port === port);
    // What was on its way when the call ended.
    if (session === undefined) return;
    const opened = this.#opened(packet, session);
    if (opened === null) return;
    if (opened.ssrc !== session.ssrc) this.unexpected.push(`sound of the SSRC ${opened.ssrc}`);
    session.heard.add({ ...opened, at });
  }

  #opened(packet: Buffer, session: CallSession): RtpPacket | null {
    try {
      return openRtp(packet, session.key);
    } catch (error) {
      this.unexpected.push(`sound that cannot be opened: ${String(error)}`);
      return null;
    }
  }

  #sessionOn(socket: VoiceSocket): CallSession | undefined {
    return [...this.#tickets.values()].find((session) => session.isOn(socket));
  }

  #sessionWith(ssrc: number): CallSession | undefined {
    return [...this.#tickets.values()].find((session) => session.ssrc === ssrc);
  }
}

function fits({ ticket }: CallSession, said: Pick<VoiceIdentify, 'server_id' | 'session_id'>): boolean {
  return ticket.guild === said.server_id && ticket.session === said.session_id;
}
