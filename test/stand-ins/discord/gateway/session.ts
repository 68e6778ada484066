import {
  GatewayDispatchEvents as Event,
  GatewayIntentBits,
  GatewayOpcodes,
  type Snowflake,
} from 'discord-api-types/v10';
import type { Dispatch } from './dispatch.ts';
import { gets } from './intents.ts';
import { asRead } from './message-content.ts';
import { isOfShard, type ShardPlace } from './shard.ts';

/** How many events a session can be resumed over. */
const REMEMBERED = 5_000;

interface Numbered {
  readonly s: number;
  readonly json: string;
}

/** Where a session's events go while the bot is connected. */
export interface Wire {
  send(json: string): void;
}

export interface SessionStart {
  readonly id: string;
  readonly intents: number;
  readonly shard: ShardPlace;
  readonly bot: Snowflake;
  readonly wire: Wire;
}

/** What the bot has been told since it identified; it outlives a connection that breaks. */
export class Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: ShardPlace;
  readonly #bot: Snowflake;
  #wire: Wire | null;
  #sequence = 0;
  #events: Numbered[] = [];

  constructor({ id, intents, shard, bot, wire }: SessionStart) {
    this.id = id;
    this.shard = shard;
    this.intents = intents;
    this.#bot = bot;
    this.#wire = wire;
  }

  get sequence(): number {
    return this.#sequence;
  }

  isOn(wire: Wire): boolean {
    return this.#wire === wire;
  }

  disconnect(): void {
    this.#wire = null;
  }

  /** Sends it at once, or when the session is resumed; never what its intents leave out, or is for another shard. */
  deliver(event: Dispatch, { inGuild }: { readonly inGuild: boolean }): void {
    if (!isOfShard(event, inGuild, this.shard)) return;
    // The bot is always told about its own membership.
    const ownMembership = event.t === Event.GuildMemberUpdate && event.d.user.id === this.#bot;
    if (!ownMembership && !gets(this.intents, event.t, { inGuild })) return;
    this.#sequence += 1;
    const json = JSON.stringify({
      op: GatewayOpcodes.Dispatch,
      s: this.#sequence,
      ...this.#readable(event, inGuild),
    });
    this.#events.push({ s: this.#sequence, json });
    if (this.#events.length > REMEMBERED) this.#events.shift();
    this.#wire?.send(json);
  }

  /** Whether everything after this number is still known. */
  canResumeAfter(sequence: number): boolean {
    return sequence <= this.#sequence && (this.#events[0]?.s ?? 1) <= sequence + 1;
  }

  /**
   * Sends what was missed.
   * @param rewind how many events that the bot has seen already are sent again
   * @param times how often everything is sent
   */
  resume(wire: Wire, { after, rewind, times }: { after: number; rewind: number; times: number }): void {
    this.#wire = wire;
    for (let time = 0; time < times; time++)
      for (const { s, json } of this.#events) if (s > Math.max(1, after - rewind)) wire.send(json);
    this.deliver({ t: Event.Resumed, d: undefined }, { inGuild: false });
  }

  #readable(event: Dispatch, inGuild: boolean): Dispatch {
    const reader = {
      bot: this.#bot,
      readsContent: (this.intents & GatewayIntentBits.MessageContent) !== 0,
      inDirectMessages: !inGuild,
    };
    switch (event.t) {
      case Event.MessageCreate:
        return { t: event.t, d: asRead(event.d, reader) };
      case Event.MessageUpdate:
        return { t: event.t, d: asRead(event.d, reader) };
      default:
        return event;
    }
  }
}
