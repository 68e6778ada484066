import {
  type DiscordGatewayAdapterCreator,
  joinVoiceChannel,
  type VoiceConnection,
  VoiceConnectionDisconnectReason,
  type VoiceConnectionState,
  VoiceConnectionStatus,
} from '@discordjs/voice';
import { GatewayOpcodes, type Guild } from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Allowance } from './allowance.ts';
import { containFaults } from './contained-faults.ts';
import type { VoiceTiming } from './timing.ts';

/** The close code of a voice server that does not go on with a call. */
const SESSION_NO_LONGER_VALID = 4006;

type Timer = NodeJS.Timeout;

/** @param attempt how many have been made in a row without a sound connection, with the one that runs */
type LineState =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'connecting';
      attempt: number;
      connection: VoiceConnection;
      deadline: Timer;
      /** Whether it was heard before, on the same connection. */
      isMending: boolean;
    }
  | { readonly kind: 'heard'; attempt: number; connection: VoiceConnection; steady: Timer }
  | { readonly kind: 'waiting'; attempt: number; next: Timer }
  | { readonly kind: 'over'; ending: LineEnding };

/** Why a line is no more: somebody wanted it so, somebody disconnected the bot, or nothing helped. */
export type LineEnding =
  | { readonly kind: 'left' | 'disconnected' }
  | { readonly kind: 'failed'; readonly refusal: Refusal };

export interface LineOptions {
  readonly guild: Guild;
  readonly channel: string;
  readonly timing: VoiceTiming;
  /** Of all joins in the guild. */
  readonly joins: Allowance;
  /** Of broken connections that the library mends without a join. */
  readonly mendings: Allowance;
  readonly log: Log;
  /** With each connection that is tried, so that sound goes both ways on it. */
  readonly onConnection: (connection: VoiceConnection) => void;
  readonly onMoved: (channel: string) => void;
  /** Once, also where it never was heard. */
  readonly onOver: (ending: LineEnding) => void;
}

const Payload = z.object({ d: z.object({ channel_id: z.string().nullable() }) });

/**
 * The bot's stay in the voice channels of a guild, from the first join until it leaves. The library mends what it
 * can, within a time limit; every join is made here, in bounded number and with growing distance.
 */
export class Line {
  #channel: string;
  #isDeaf = true;
  #state: LineState = { kind: 'new' };
  /** Joins that the library may send now: it would send them without end. */
  #permitted = 0;
  /** Whether Discord has said of this attempt that the bot is in a channel. */
  #isPlaced = false;
  #closeCode: number | null = null;
  #waiting: PromiseWithResolvers<void>[] = [];
  readonly #options: LineOptions;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#channel = options.channel;
  }

  start(): void {
    if (this.#state.kind === 'new') this.#state = this.#attempt(1);
  }

  get channel(): string {
    return this.#channel;
  }

  get isHeard(): boolean {
    return this.#state.kind === 'heard';
  }

  /** Resolves once what is played is heard. @throws Refusal where it ends before that */
  heard(): Promise<void> {
    if (this.#state.kind === 'heard') return Promise.resolve();
    if (this.#state.kind === 'over') return Promise.reject(this.#refusalFor(this.#state.ending));
    const waiting = Promise.withResolvers<void>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  setDeaf(isDeaf: boolean): void {
    this.#isDeaf = isDeaf;
    if (this.#state.kind === 'heard') this.#tellGateway();
  }

  leave(): void {
    this.#end({ kind: 'left' });
  }

  /** What Discord says of where the bot is now. */
  ownChannelIs(channel: string | null): void {
    if (this.#state.kind !== 'connecting' && this.#state.kind !== 'heard') return;
    if (channel === null) {
      // What was still to come of an earlier leaving.
      if (this.#isPlaced) this.#end({ kind: 'disconnected' });
      return;
    }
    this.#isPlaced = true;
    if (channel === this.#channel) return;
    this.#channel = channel;
    this.#options.onMoved(channel);
  }

  /** The channel is there no more, whatever else is said. */
  channelIsGone(channel: string): void {
    if (channel === this.#channel) this.#end({ kind: 'disconnected' });
  }

  #attempt(attempt: number): LineState {
    const { guild, joins, timing, log } = this.#options;
    const wait = joins.waitMs;
    if (wait > 0) return this.#later(attempt, wait);
    joins.take();
    this.#permitted = 1;
    this.#isPlaced = false;
    this.#closeCode = null;
    const connection = joinVoiceChannel({
      guildId: guild.id,
      channelId: this.#channel,
      selfDeaf: this.#isDeaf,
      group: guild.client.user.id,
      adapterCreator: this.#adapterCreator(),
    });
    connection.on('error', ({ message }) => log.warn('a voice connection is disturbed', { reason: message }));
    connection.on('stateChange', (_, state) => this.#follow(connection, state));
    containFaults(connection, {
      onFault: (error) => {
        log.error('a voice connection', error, { guild: guild.id });
        this.#fail(connection);
      },
      onClose: (code) => {
        if (this.#isOn(connection)) this.#closeCode = code;
        log.info('a voice server closed the connection', { guild: guild.id, code });
      },
    });
    this.#options.onConnection(connection);
    // Where the gateway is away, it is known at once and nothing more is said.
    if (connection.state.status === VoiceConnectionStatus.Disconnected)
      setImmediate(() => this.#fail(connection));
    const deadline = this.#deadline(connection, timing.connectMs);
    return { kind: 'connecting', attempt, connection, deadline, isMending: false };
  }

  #later(attempt: number, ms: number): LineState {
    const next = setTimeout(() => {
      this.#state = this.#attempt(attempt);
    }, ms);
    return { kind: 'waiting', attempt, next };
  }

  #follow(connection: VoiceConnection, state: VoiceConnectionState): void {
    if (!this.#isOn(connection)) return;
    switch (state.status) {
      case VoiceConnectionStatus.Ready:
        this.#becomeHeard(connection);
        return;
      case VoiceConnectionStatus.Signalling:
      case VoiceConnectionStatus.Connecting:
        this.#mend(connection, this.#options.timing.mendMs);
        return;
      case VoiceConnectionStatus.Disconnected:
        // The library wanted to join again: how and when is decided here.
        if (state.reason === VoiceConnectionDisconnectReason.AdapterUnavailable && !this.#mayBeMoved())
          this.#fail(connection);
        else this.#mend(connection, this.#options.timing.movedMs);
        return;
      case VoiceConnectionStatus.Destroyed:
        this.#end({ kind: 'disconnected' });
    }
  }

  /** Whether Discord may be about to name another server for a call that was going on. */
  #mayBeMoved(): boolean {
    const { kind } = this.#state;
    const wasHeard = kind === 'heard' || (kind === 'connecting' && this.#state.isMending);
    return wasHeard && this.#closeCode === SESSION_NO_LONGER_VALID;
  }

  #becomeHeard(connection: VoiceConnection): void {
    const before = this.#state;
    if (before.kind !== 'connecting') return;
    clearTimeout(before.deadline);
    const steady = setTimeout(() => {
      if (this.#state.kind === 'heard') this.#state.attempt = 0;
    }, this.#options.timing.steadyMs);
    this.#state = { kind: 'heard', attempt: before.attempt, connection, steady };
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** Leaves the library some time; what goes on already is not given more. */
  #mend(connection: VoiceConnection, ms: number): void {
    const before = this.#state;
    if (before.kind !== 'heard') return;
    clearTimeout(before.steady);
    const deadline = this.#deadline(connection, ms);
    this.#state = { kind: 'connecting', attempt: before.attempt, connection, deadline, isMending: true };
    if (!this.#options.mendings.take()) this.#fail(connection);
  }

  #deadline(connection: VoiceConnection, ms: number): Timer {
    return setTimeout(() => this.#fail(connection), ms);
  }

  /** Gives this connection up, for another attempt where there is one left. */
  #fail(connection: VoiceConnection): void {
    const before = this.#state;
    if (!this.#isOn(connection) || (before.kind !== 'connecting' && before.kind !== 'heard')) return;
    const { timing, log, guild } = this.#options;
    const backOff = timing.backOffMs[before.attempt === 0 ? 0 : before.attempt - 1];
    log.warn('a voice connection failed', {
      guild: guild.id,
      attempt: before.attempt,
      code: this.#closeCode,
    });
    if (backOff === undefined) {
      const [where, attempts, code] = [`<#${this.#channel}>`, before.attempt, this.#closeCode];
      const refusal = new Refusal(({ voiceConnection }) => voiceConnection.failed(where, attempts, code));
      this.#end({ kind: 'failed', refusal });
      return;
    }
    clearTimers(before);
    this.#state = this.#later(before.attempt + 1, backOff);
    hangUp(connection);
  }

  #end(ending: LineEnding): void {
    const before = this.#state;
    if (before.kind === 'over') return;
    clearTimers(before);
    this.#state = { kind: 'over', ending };
    if ('connection' in before) hangUp(before.connection);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#refusalFor(ending));
    this.#options.onOver(ending);
  }

  #refusalFor(ending: LineEnding): Refusal {
    if (ending.kind === 'failed') return ending.refusal;
    const where = `<#${this.#channel}>`;
    return new Refusal(({ voiceConnection }) =>
      ending.kind === 'left' ? voiceConnection.ended(where) : voiceConnection.disconnected(where),
    );
  }

  #isOn(connection: VoiceConnection): boolean {
    return 'connection' in this.#state && this.#state.connection === connection;
  }

  #adapterCreator(): DiscordGatewayAdapterCreator {
    return (methods) => {
      const adapter = this.#options.guild.voiceAdapterCreator(methods);
      return {
        sendPayload: (payload) => this.#mayBeSent(payload) && adapter.sendPayload(payload),
        destroy: () => adapter.destroy(),
      };
    };
  }

  #mayBeSent(payload: unknown): boolean {
    if (Payload.parse(payload).d.channel_id === null) return true;
    this.#permitted -= 1;
    return this.#permitted >= 0;
  }

  #tellGateway(): void {
    const { guild } = this.#options;
    guild.shard.send({
      op: GatewayOpcodes.VoiceStateUpdate,
      d: { guild_id: guild.id, channel_id: this.#channel, self_deaf: this.#isDeaf, self_mute: false },
    });
  }
}

function clearTimers(state: LineState): void {
  if (state.kind === 'connecting') clearTimeout(state.deadline);
  else if (state.kind === 'heard') clearTimeout(state.steady);
  else if (state.kind === 'waiting') clearTimeout(state.next);
}

/** Also tells Discord that the bot has left. */
function hangUp(connection: VoiceConnection): void {
  if (connection.state.status !== VoiceConnectionStatus.Destroyed) connection.destroy();
}
