import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ChannelType,
  GatewayDispatchEvents as Event,
  PermissionFlagsBits as May,
  type Snowflake,
} from 'discord-api-types/v10';
import { VoiceCloseCodes as Close, VoiceOpcodes as Op } from 'discord-api-types/voice/v8';
import type { Gateway } from '../gateway/gateway.ts';
import type { VoiceStateRequest } from '../gateway/payloads.ts';
import { apiGuildChannel, type ChannelRecord, type GuildChannelRecord } from '../state/channels.ts';
import type { GuildRecord } from '../state/guilds.ts';
import { holds, permissionsIn } from '../state/permissions.ts';
import { apiVoiceState } from '../state/voice-states.ts';
import type { World } from '../state/world.ts';
import type { CallSession } from './call-session.ts';
import { silence } from './heard-sound.ts';
import { VoiceServer } from './voice-server.ts';

const FRAME_MS = 20;
const FRAME_SAMPLES = 960;
const TRAILING_SILENCE = 5;

/** The bot's wish to be in a voice channel. */
export interface Join {
  readonly guild: Snowflake;
  readonly channel: Snowflake;
  /** In ms since the process began. */
  readonly at: number;
}

export interface SpokenBy {
  readonly user: Snowflake;
  readonly packets: readonly Uint8Array[];
  /** The places in `packets` of those that arrive so that nobody can open them. */
  readonly broken?: readonly number[];
}

/** Who is in which voice channel, and on which voice server, as the main gateway tells it. */
export class VoiceCalls {
  readonly joins;
  /** The guilds in which the bot was in a voice channel, and is no longer. */
  readonly leaves;
  /** Two of them, so that a call can move. */
  readonly servers: readonly [VoiceServer, VoiceServer];
  #server: VoiceServer;
  readonly #world: World;
  readonly #gateway: Gateway;

  constructor(world: World, gateway: Gateway, { heartbeatMs }: { readonly heartbeatMs: number }) {
    this.#world = world;
    this.#gateway = gateway;
    this.joins = world.inbox<Join>('the bot to join a voice channel');
    this.leaves = world.inbox<Snowflake>('the bot to leave a voice channel');
    this.servers = [new VoiceServer(world, { heartbeatMs }), new VoiceServer(world, { heartbeatMs })];
    this.#server = this.servers[0];
    gateway.onVoiceState = (request, session) => this.#ask(request, session);
  }

  async start(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** On which calls take place now. */
  get server(): VoiceServer {
    return this.#server;
  }

  get unexpected(): readonly string[] {
    return this.servers.flatMap(({ unexpected }) => unexpected);
  }

  /** Where somebody is heard; undefined where they are in no voice channel. */
  channelOf(guild: GuildRecord, user: Snowflake): GuildChannelRecord | undefined {
    return guild.voiceStates.get(user)?.channel;
  }

  enter(channel: ChannelRecord, user: Snowflake): void {
    if (channel.kind !== 'guild' || channel.type !== ChannelType.GuildVoice)
      throw new Error('That is no voice channel.');
    const { guild } = channel;
    const state = guild.voiceStates.get(user);
    if (state === undefined) {
      const session = randomUUID().replaceAll('-', '');
      guild.voiceStates.set(user, { channel, session, selfDeaf: false, selfMute: false });
    } else state.channel = channel;
    this.#tellState(guild, user);
    if (this.#isBot(user)) this.#moveCall(guild);
    else this.#gather(guild);
  }

  /** Whether they hang up or are disconnected by somebody. */
  leave(guild: GuildRecord, user: Snowflake): void {
    const session = guild.voiceStates.get(user)?.session;
    if (session === undefined) return;
    guild.voiceStates.delete(user);
    this.#tellState(guild, user, session);
    if (this.#isBot(user)) {
      this.#endCall(guild, Close.Disconnected);
      this.leaves.add(guild.id);
    } else this.#gather(guild);
  }

  deleteChannel(channel: GuildChannelRecord): void {
    const { guild } = channel;
    this.#world.channels.delete(channel.id);
    this.#gateway.dispatch(
      { t: Event.ChannelDelete, d: { ...apiGuildChannel(channel), guild_id: guild.id } },
      { inGuild: true },
    );
    for (const [user, state] of guild.voiceStates) if (state.channel === channel) this.leave(guild, user);
  }

  /** The voice server goes away and another one takes its calls. */
  moveServer(
    guild: GuildRecord,
    { code = Close.SessionNoLongerValid }: { readonly code?: number } = {},
  ): void {
    this.#tellServer(guild, null);
    this.#endCall(guild, code);
    this.#server = this.servers[this.#server === this.servers[0] ? 1 : 0];
    this.#tellServer(guild, this.#server);
  }

  /** Resolves once the last packet is sent. */
  async speak(guild: GuildRecord, { user, packets, broken = [] }: SpokenBy): Promise<void> {
    const server = this.#server;
    const session = server.sessionOf(guild.id);
    const speaker = session?.speakers.get(user);
    if (session === undefined || speaker === undefined)
      throw new Error('They do not share a call with the bot.');
    session.tellNumbered(Op.Speaking, { user_id: user, ssrc: speaker.ssrc, speaking: 1 });
    // The one goes by TCP and the other by UDP, and packets of nobody are thrown away.
    await delay(FRAME_MS);
    const all = [...packets, ...Array.from({ length: TRAILING_SILENCE }, () => silence)];
    const startedAt = performance.now();
    for (const [index, opus] of all.entries()) {
      this.#send(server, session, { user, opus: Buffer.from(opus), isBroken: broken.includes(index) });
      await delay(Math.max(0, startedAt + (index + 1) * FRAME_MS - performance.now()));
    }
  }

  #send(
    server: VoiceServer,
    session: CallSession,
    { user, opus, isBroken }: { user: Snowflake; opus: Buffer; isBroken: boolean },
  ): void {
    const speaker = session.speakers.get(user);
    if (speaker === undefined || session.address === null) return;
    speaker.sequence = (speaker.sequence + 1) & 0xffff;
    speaker.timestamp = (speaker.timestamp + FRAME_SAMPLES) >>> 0;
    const packet = session.nextPacketOf(speaker, opus);
    if (isBroken) packet.writeUInt8(packet.readUInt8(20) ^ 0xff, 20);
    server.udp.send(packet, session.address);
  }

  #ask({ guild_id, channel_id, self_deaf, self_mute }: VoiceStateRequest, session: string): void {
    const guild = this.#world.guilds.get(guild_id);
    const bot = this.#world.bot.user.api.id;
    if (guild?.members.has(bot) !== true) return;
    if (channel_id === null) {
      this.leave(guild, bot);
      return;
    }
    const before = guild.voiceStates.get(bot);
    const onlyDeafness =
      before?.channel.id === channel_id && (before.selfDeaf !== self_deaf || before.selfMute !== self_mute);
    if (!onlyDeafness) this.joins.add({ guild: guild_id, channel: channel_id, at: performance.now() });
    const channel = this.#world.channels.get(channel_id);
    if (channel?.kind !== 'guild' || channel.guild !== guild || channel.type !== ChannelType.GuildVoice)
      return;
    // Discord says nothing to one who may not.
    if (!holds(permissionsIn(channel, bot), May.ViewChannel | May.Connect)) return;
    guild.voiceStates.set(bot, { channel, session, selfDeaf: self_deaf, selfMute: self_mute });
    this.#tellState(guild, bot);
    if (!onlyDeafness) this.#moveCall(guild);
  }

  #moveCall(guild: GuildRecord): void {
    this.#endCall(guild, Close.Disconnected);
    this.#tellServer(guild, this.#server);
  }

  #endCall(guild: GuildRecord, code: number): void {
    for (const server of this.servers) {
      const session = server.sessionOf(guild.id);
      if (session === undefined) continue;
      session.close(code);
      server.forget(session.ticket);
    }
  }

  #tellState(guild: GuildRecord, user: Snowflake, session?: string): void {
    this.#gateway.dispatch(
      { t: Event.VoiceStateUpdate, d: apiVoiceState(guild, user, session) },
      { inGuild: true },
    );
  }

  /** @param server null while there is none */
  #tellServer(guild: GuildRecord, server: VoiceServer | null): void {
    const bot = this.#world.bot.user.api.id;
    const state = guild.voiceStates.get(bot);
    if (state === undefined) return;
    const token = randomBytes(8).toString('hex');
    server?.expect({
      guild: guild.id,
      channel: state.channel.id,
      user: bot,
      session: state.session,
      token,
    });
    this.#gather(guild);
    this.#gateway.dispatch(
      {
        t: Event.VoiceServerUpdate,
        d: { token, guild_id: guild.id, endpoint: server?.endpoint ?? null },
      },
      { inGuild: true },
    );
  }

  /** Brings who is in the bot's call up to date. */
  #gather(guild: GuildRecord): void {
    const session = this.#server.sessionOf(guild.id);
    if (session === undefined) return;
    const present = new Set(
      [...guild.voiceStates]
        .filter(([user, { channel }]) => channel.id === session.ticket.channel && !this.#isBot(user))
        .map(([user]) => user),
    );
    for (const user of session.speakers.keys()) {
      if (present.has(user)) continue;
      session.speakers.delete(user);
      session.tellNumbered(Op.ClientDisconnect, { user_id: user });
    }
    for (const user of present) {
      if (session.speakers.has(user)) continue;
      session.speakers.set(user, { ssrc: 50_000 + session.speakers.size, sequence: 65_530, timestamp: 0 });
      if (session.isDescribed) session.tellNumbered(Op.ClientsConnect, { user_ids: [user] });
    }
  }

  #isBot(user: Snowflake): boolean {
    return user === this.#world.bot.user.api.id;
  }
}
