import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  APIVersion,
  type ApplicationFlags,
  GatewayCloseCodes as Close,
  GatewayDispatchEvents as Event,
  GatewayIntentBits,
  GatewayOpcodes as Op,
} from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import type { Inbox } from '../inbox.ts';
import { LoopbackServer } from '../loopback-server.ts';
import { apiMember, type GuildRecord } from '../state/guilds.ts';
import type { World } from '../state/world.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import type { Dispatch, Dispatcher } from './dispatch.ts';
import { guildCreate } from './guild-create.ts';
import { areKnown, privilegedIntents } from './intents.ts';
import type { Identify, RequestGuildMembers, Resume, VoiceStateRequest } from './payloads.ts';
import { Session } from './session.ts';
import { hasGuild } from './shard.ts';

const MEMBERS_A_CHUNK = 1000;
/** Of those that the bot left behind without closing them. */
const MAX_SESSIONS = 10;
const WHOLE = [0, 1] as const;

/** Discord's gateway v10, JSON without compression, and what a test can do to it. */
export class Gateway implements Dispatcher, ConnectionHost {
  readonly identifies: Inbox<Identify>;
  readonly resumes: Inbox<Resume>;
  /** The times of the heartbeats, real ones, in milliseconds. */
  readonly heartbeats: Inbox<number>;
  readonly presences: Inbox<object>;
  /** The codes with which the bot's connections ended, whoever ended them. */
  readonly closes: Inbox<number>;
  /** Connections of a kind that the stand-in does not know. */
  readonly unexpected: string[] = [];
  /** While it is true, heartbeats are heard and not acknowledged. */
  withholdsAcks = false;
  /** While it is true, no connection is let in. */
  refusesConnections = false;
  /** What becomes of a wish to enter or leave a voice channel; the session is the bot's. */
  onVoiceState: (request: VoiceStateRequest, session: string) => void = () => {};
  /** Sent with every hello. */
  heartbeatMs: number;
  readonly #world: World;
  readonly #server = new LoopbackServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Connection>();
  #sessions: Session[] = [];
  #identifyRefusals: number[] = [];
  #nextResume = { rewind: 0, times: 1 };

  constructor(world: World, { heartbeatMs }: { readonly heartbeatMs: number }) {
    this.#world = world;
    this.heartbeatMs = heartbeatMs;
    this.identifies = world.inbox('the bot to identify');
    this.resumes = world.inbox('the bot to resume');
    this.heartbeats = world.inbox('a heartbeat');
    this.presences = world.inbox('a presence of the bot');
    this.closes = world.inbox('a connection of the bot to end');
    this.#server.http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.drop();
    this.#sockets.close();
    await this.#server.stop();
  }

  get url(): string {
    return `ws://${this.#server.host}`;
  }

  // --- what a test does to it

  /**
   * Ends every connection. The sessions stay, and hear what happens until they are resumed.
   * @param code of the close frame; without one the connection breaks
   */
  cut({ code }: { readonly code?: number } = {}): void {
    for (const session of this.#sessions) session.disconnect();
    for (const connection of this.#connections) {
      if (code === undefined) connection.drop();
      else connection.close(code);
    }
  }

  /** Asks the bot to connect anew and resume (op 7). */
  askToReconnect(): void {
    this.#tellAll({ op: Op.Reconnect });
  }

  /** Says that the session is no longer valid (op 9). */
  invalidateSession({ resumable }: { readonly resumable: boolean }): void {
    if (!resumable) this.#sessions = [];
    this.#tellAll({ op: Op.InvalidSession, d: resumable });
    if (resumable) for (const connection of this.#connections) connection.unauthenticate();
  }

  /** Asks for a heartbeat at once (op 1). */
  askForHeartbeat(): void {
    this.#tellAll({ op: Op.Heartbeat, d: null });
  }

  /** From now on nothing that was begun before can be resumed. */
  forgetSessions(): void {
    this.#sessions = [];
  }

  /** Closes the connection that identifies next with this code. */
  refuseNextIdentify(code: number): void {
    this.#identifyRefusals.push(code);
  }

  /**
   * How the next resume is answered: with the events that were missed, each `times` times, and before them the
   * last `rewind` ones that the bot has seen already.
   */
  onNextResume({ rewind = 0, times = 1 }: { readonly rewind?: number; readonly times?: number }): void {
    this.#nextResume = { rewind, times };
  }

  // --- what the world tells it

  dispatch(event: Dispatch, about: { readonly inGuild: boolean }): void {
    for (const session of this.#sessions) session.deliver(event, about);
  }

  /** The bot has come into a guild. */
  dispatchGuild(guild: GuildRecord): void {
    for (const session of this.#sessions) this.#deliverGuild(session, guild);
  }

  // --- what the bot says

  identified(connection: Connection, identify: Identify): void {
    this.identifies.add(identify);
    if (identify.presence !== undefined) this.presences.add(identify.presence);
    const refusal = this.#identifyRefusals.shift() ?? this.#refusalOf(identify);
    if (refusal !== undefined) {
      connection.close(refusal);
      return;
    }
    const { bot } = this.#world;
    const session = new Session({
      id: randomUUID().replaceAll('-', ''),
      intents: identify.intents,
      shard: identify.shard ?? WHOLE,
      bot: bot.user.api.id,
      wire: connection,
    });
    this.#sessions = [...this.#sessions, session].slice(-MAX_SESSIONS);
    const guilds = this.#world.botGuilds().filter(({ id }) => hasGuild(session.shard, id));
    session.deliver(
      {
        t: Event.Ready,
        d: {
          v: Number(APIVersion),
          user: bot.user.api,
          guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
          session_id: session.id,
          resume_gateway_url: `${this.url}/resume`,
          ...(identify.shard !== undefined && { shard: identify.shard }),
          application: { id: bot.applicationId, flags: 0 as ApplicationFlags, flags_new: '0' },
        },
      },
      { inGuild: false },
    );
    for (const guild of guilds) this.#deliverGuild(session, guild);
  }

  resumed(connection: Connection, resume: Resume): void {
    this.resumes.add(resume);
    if (resume.token !== this.#world.bot.token) {
      connection.close(Close.AuthenticationFailed);
      return;
    }
    const session = this.#sessions.find(({ id }) => id === resume.session_id);
    if (session !== undefined && resume.seq > session.sequence) {
      connection.close(Close.InvalidSeq);
      return;
    }
    if (session === undefined || !session.canResumeAfter(resume.seq)) {
      connection.unauthenticate();
      connection.sendPayload({ op: Op.InvalidSession, d: false });
      return;
    }
    const { rewind, times } = this.#nextResume;
    this.#nextResume = { rewind: 0, times: 1 };
    session.resume(connection, { after: resume.seq, rewind, times });
  }

  beat(connection: Connection): void {
    this.heartbeats.add(Date.now());
    if (!this.withholdsAcks) connection.sendPayload({ op: Op.HeartbeatAck });
  }

  changedPresence(presence: object): void {
    this.presences.add(presence);
  }

  requestedMembers(connection: Connection, request: RequestGuildMembers): void {
    const session = this.#sessions.find((candidate) => candidate.isOn(connection));
    const guild = this.#world.guilds.get(request.guild_id);
    if (session === undefined || guild === undefined) return;
    const ids = request.user_ids;
    const wanted = [...guild.members.values()].filter(({ user }) =>
      ids === undefined
        ? user.api.username.startsWith((request.query ?? '').toLowerCase())
        : ids.includes(user.api.id),
    );
    // Everybody at once is for those only who may know the members.
    const everybody = ids === undefined && (request.query ?? '') === '';
    const known = everybody && (session.intents & GatewayIntentBits.GuildMembers) === 0 ? [] : wanted;
    const members = known.slice(
      0,
      request.limit === undefined || request.limit === 0 ? undefined : request.limit,
    );
    const chunks = Math.max(1, Math.ceil(members.length / MEMBERS_A_CHUNK));
    for (let chunk = 0; chunk < chunks; chunk++)
      session.deliver(
        {
          t: Event.GuildMembersChunk,
          d: {
            guild_id: guild.id,
            members: members.slice(chunk * MEMBERS_A_CHUNK, (chunk + 1) * MEMBERS_A_CHUNK).map(apiMember),
            chunk_index: chunk,
            chunk_count: chunks,
            ...(request.nonce !== undefined && { nonce: request.nonce }),
          },
        },
        { inGuild: true },
      );
  }

  requestedVoiceState(connection: Connection, request: VoiceStateRequest): void {
    const session = this.#sessions.find((candidate) => candidate.isOn(connection));
    if (session !== undefined) this.onVoiceState(request, session.id);
  }

  closed(connection: Connection, code: number): void {
    this.closes.add(code);
    this.#connections.delete(connection);
    const session = this.#sessions.find((candidate) => candidate.isOn(connection));
    session?.disconnect();
    // A client that says goodbye does not mean to come back to its session.
    if (code === 1000 || code === 1001) this.#sessions = this.#sessions.filter((other) => other !== session);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.refusesConnections) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    const query = new URL(request.url ?? '/', 'http://stand-in').searchParams;
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (query.get('v') !== APIVersion) {
        webSocket.close(Close.InvalidAPIVersion);
        return;
      }
      if (query.get('encoding') !== 'json' || query.has('compress')) {
        this.unexpected.push(`a gateway connection with ${query}`);
        webSocket.close(Close.UnknownError);
        return;
      }
      this.#connections.add(new Connection(webSocket, this, { heartbeatMs: this.heartbeatMs }));
    });
  }

  #refusalOf({ token, intents, shard: [id, count] = [0, 1] }: Identify): Close | undefined {
    const { bot } = this.#world;
    if (token !== bot.token) return Close.AuthenticationFailed;
    if (id >= count) return Close.InvalidShard;
    if (!areKnown(intents)) return Close.InvalidIntents;
    const disallowed = privilegedIntents.some(
      (intent) => (intents & intent) !== 0 && !bot.privilegedIntents.includes(intent),
    );
    return disallowed ? Close.DisallowedIntents : undefined;
  }

  #deliverGuild(session: Session, guild: GuildRecord): void {
    session.deliver(
      { t: Event.GuildCreate, d: guildCreate(this.#world, guild, session.intents) },
      { inGuild: true },
    );
  }

  #tellAll(payload: { readonly op: Op; readonly d?: unknown }): void {
    for (const connection of this.#connections) connection.sendPayload(payload);
  }
}
