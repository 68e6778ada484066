import { ChannelType, type GatewayIntentBits, Locale, type Snowflake } from 'discord-api-types/v10';
import { apiError } from '../api-error.ts';
import type { StandInClock } from '../clock.ts';
import { Inbox } from '../inbox.ts';
import { Snowflakes } from '../snowflakes.ts';
import type { ChannelRecord, DirectChannelRecord, GuildChannelRecord } from './channels.ts';
import type { GuildRecord } from './guilds.ts';
import type { MessageRecord } from './messages.ts';
import { newUser, type UserRecord } from './users.ts';

/** The application as its owner set it up in the developer portal. */
export interface BotAccount {
  readonly applicationId: Snowflake;
  readonly user: UserRecord;
  token: string;
  /** The privileged intents that are switched on. */
  privilegedIntents: readonly GatewayIntentBits[];
}

/** Everything that exists, as plain records; who changes them also tells the gateway. */
export class World {
  readonly clock: StandInClock;
  readonly ids: Snowflakes;
  readonly bot: BotAccount;
  readonly users = new Map<Snowflake, UserRecord>();
  readonly guilds = new Map<Snowflake, GuildRecord>();
  readonly channels = new Map<Snowflake, ChannelRecord>();
  /** In how many connections the bot is told to divide its guilds. */
  recommendedShards = 1;
  readonly #context: () => string;

  /** @param context what is worth knowing when a test waited in vain */
  constructor(
    clock: StandInClock,
    bot: { readonly token: string; readonly privilegedIntents: readonly GatewayIntentBits[] },
    context: () => string,
  ) {
    this.clock = clock;
    this.ids = new Snowflakes(clock);
    this.#context = context;
    const applicationId = this.ids.next();
    const user = newUser(applicationId, 'Ledger Bot', { locale: Locale.EnglishUS, bot: true });
    this.users.set(applicationId, user);
    this.bot = { applicationId, user, ...bot };
  }

  inbox<T>(what: string): Inbox<T> {
    return new Inbox<T>(what, this.#context);
  }

  /** The guilds that the bot is in. */
  botGuilds(): GuildRecord[] {
    return [...this.guilds.values()].filter(({ members }) => members.has(this.bot.user.api.id));
  }

  /** @throws Unknown Guild; also for one that the bot is not in */
  guildOfBot(id: Snowflake): GuildRecord {
    const guild = this.guilds.get(id);
    if (guild === undefined || !guild.members.has(this.bot.user.api.id)) throw apiError('UnknownGuild');
    return guild;
  }

  /** @throws Unknown Channel */
  channel(id: Snowflake): ChannelRecord {
    const channel = this.channels.get(id);
    if (channel === undefined) throw apiError('UnknownChannel');
    return channel;
  }

  channelsOf(guild: GuildRecord): GuildChannelRecord[] {
    return [...this.channels.values()].filter(
      (channel): channel is GuildChannelRecord => channel.guild === guild,
    );
  }

  addGuildChannel(
    guild: GuildRecord,
    { name, type }: { readonly name: string; readonly type: GuildChannelRecord['type'] },
  ): GuildChannelRecord {
    const channel: GuildChannelRecord = {
      ...this.#newChannel(`#${name}`),
      kind: 'guild',
      type,
      guild,
      name,
      position: this.channelsOf(guild).length,
      overwrites: [],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The one channel of the bot and this user; it is there from the first time that one of them opens it. */
  directChannelWith(recipient: UserRecord): DirectChannelRecord {
    for (const channel of this.channels.values())
      if (channel.kind === 'direct' && channel.recipient === recipient) return channel;
    const channel: DirectChannelRecord = {
      ...this.#newChannel(`the direct messages with ${recipient.api.username}`),
      kind: 'direct',
      type: ChannelType.DM,
      guild: null,
      recipient,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  #newChannel(where: string) {
    return {
      id: this.ids.next(),
      messages: new Map<Snowflake, MessageRecord>(),
      lastMessage: null,
      posted: this.inbox<MessageRecord>(`a message of the bot in ${where}`),
      typing: this.inbox<number>(`the bot to type in ${where}`),
    };
  }
}
