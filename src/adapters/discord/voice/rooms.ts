import { type Client, Events, type Guild } from 'discord.js';
import type { Log, Voice } from '../../../domain/ports.ts';
import type { InWords } from '../../../domain/refusal.ts';
import type { SpokenReply, VoiceCause, VoiceReport, VoiceRoom } from '../../../domain/voice.ts';
import type { MayHear } from './ear.ts';
import { GuildVoice } from './guild-voice.ts';
import { usualVoiceTiming, type VoiceTiming } from './timing.ts';
import { type Utterance, type UtteranceLimits, usualUtteranceLimits } from './utterance.ts';

const MINUTE = 60_000;
const QUEUE_LIMIT = 20;
const JOINS_PER_MINUTE = 5;

export interface VoiceRoomsOptions {
  readonly client: Client<true>;
  /** Null where the bot has none: then every reply is dropped, with that as its reason. */
  readonly voice: Voice | null;
  /** Everything that is to stand in the ledger, as it happens. */
  readonly report: (report: VoiceReport) => void;
  readonly hear: (utterance: Utterance) => void;
  /** Asked as somebody begins to speak, and again before what they said is handed out. */
  readonly mayHear: MayHear;
  /** What people in a voice channel are to know though none of them asked, such as why nothing is heard there. */
  readonly tell: (channel: string, sentence: InWords) => void;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** After which the bot leaves a channel where nothing is spoken and nobody is heard. */
  readonly idleMinutes: number;
  /** Usual ones where they are left out. */
  readonly queueLimit?: number;
  readonly joinsPerMinute?: number;
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
      listen: async (on) => voice.listen(on),
    };
  }

  /** Lets a reply be heard in a channel, after those that wait already. What becomes of it is reported. */
  speak(guild: Guild, channel: string, reply: SpokenReply, by: VoiceCause): void {
    if (!this.#isClosed) this.#of(guild).say(reply, channel, by);
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
      else if (before.channelId !== channelId) voice.peopleMoved();
    });
    client.on(Events.ChannelDelete, (channel) => {
      if (!channel.isDMBased()) this.#guilds.get(channel.guildId)?.channelIsGone(channel.id);
    });
    client.on(Events.GuildDelete, ({ id }) => {
      void this.#guilds.get(id)?.close();
      this.#guilds.delete(id);
    });
  }
}
