import { type Client, Events, type Guild } from 'discord.js';
import type { SpokenReply, VoiceCause, VoiceRoom } from '../../../domain/voice.ts';
import { GuildVoice, type GuildVoiceOptions } from './guild-voice.ts';
import { usualVoiceTiming, type VoiceTiming } from './timing.ts';
import { type UtteranceLimits, usualUtteranceLimits } from './utterance.ts';

const MINUTE = 60_000;
const QUEUE_LIMIT = 20;
const JOINS_PER_MINUTE = 5;

/** What all guilds have in common; usual limits where they are left out. */
export interface VoiceRoomsOptions
  extends Pick<GuildVoiceOptions, 'voice' | 'report' | 'hear' | 'mayHear' | 'tell' | 'log' | 'now'>,
    Partial<Pick<GuildVoiceOptions, 'queueLimit' | 'joinsPerMinute'>> {
  readonly client: Client<true>;
  /** After which the bot leaves a channel where nothing is spoken and nobody is heard. */
  readonly idleMinutes: number;
  readonly timing?: Partial<VoiceTiming>;
  readonly utteranceLimits?: Partial<UtteranceLimits>;
}

/** The voice channels of every guild that the bot is in. */
export class VoiceRooms {
  readonly #options: VoiceRoomsOptions;
  readonly #guilds = new Map<string, GuildVoice>();
  #isClosed = false;

  constructor(options: VoiceRoomsOptions) {
    this.#options = options;
    this.#watch();
  }

  /** What a member of a guild can do in its voice channels. */
  roomFor(guild: Guild, member: string): VoiceRoom {
    const voice = this.#of(guild);
    return {
      membersChannel: guild.voiceStates.cache.get(member)?.channelId ?? null,
      channel: voice.channel,
      isListening: voice.isListening,
      join: (channel, by) => voice.join(channel, by, 'asked'),
      leave: async (by) => voice.leave(by),
      skip: () => voice.skip(),
      silence: () => voice.silence(),
      requireTelling: (channel) => voice.requireTelling(channel),
      listen: (on) => voice.listen(on),
    };
  }

  /** Lets a reply be heard in a channel, after those that wait already. What becomes of it is reported. */
  speak(guild: Guild, channel: string, reply: SpokenReply, by: VoiceCause): void {
    if (!this.#isClosed) this.#of(guild).say(reply, channel, by);
  }

  /** Somebody has agreed to be heard in a guild, or does not any more. */
  consentIs(guild: string, member: string, agreed: boolean): void {
    this.#guilds.get(guild)?.consentIs(member, agreed);
  }

  async endListening(guild: Guild): Promise<void> {
    await this.#guilds.get(guild.id)?.listen(false);
  }

  /** Leaves every channel. Resolves when everything is reported. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const guilds = [...this.#guilds.values()];
    this.#guilds.clear();
    await Promise.all(guilds.map((voice) => voice.close()));
  }

  #of(guild: Guild): GuildVoice {
    const known = this.#guilds.get(guild.id);
    if (known !== undefined) return known;
    const { idleMinutes, queueLimit, joinsPerMinute, timing, utteranceLimits, ...others } = this.#options;
    const voice = new GuildVoice({
      ...others,
      guild,
      idleMs: idleMinutes * MINUTE,
      queueLimit: queueLimit ?? QUEUE_LIMIT,
      joinsPerMinute: joinsPerMinute ?? JOINS_PER_MINUTE,
      timing: { ...usualVoiceTiming, ...timing },
      utteranceLimits: { ...usualUtteranceLimits, ...utteranceLimits },
    });
    this.#guilds.set(guild.id, voice);
    return voice;
  }

  #watch(): void {
    const { client } = this.#options;
    client.on(Events.VoiceStateUpdate, (before, { guild, id, channelId }) => {
      const voice = this.#guilds.get(guild.id);
      if (voice === undefined) return;
      if (id === client.user.id) voice.ownChannelIs(channelId);
      else if (before.channelId !== channelId) voice.memberMoved(id, channelId);
    });
    client.on(Events.ChannelDelete, (channel) => {
      if (!channel.isDMBased()) this.#guilds.get(channel.guildId)?.channelIsGone(channel.id);
    });
    client.on(Events.GuildDelete, ({ id }) => {
      void this.#guilds.get(id)?.close('disconnected');
      this.#guilds.delete(id);
    });
  }
}
