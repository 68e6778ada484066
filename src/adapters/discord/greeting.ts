import {
  ChannelType,
  type Client,
  DiscordAPIError,
  Events,
  type Guild,
  type GuildBasedChannel,
  type GuildMember,
  MessageFlags,
  PermissionFlagsBits,
  Routes,
  SnowflakeUtil,
} from 'discord.js';
import { z } from 'zod';
import { type Language, languageOf } from '../../domain/languages/languages.ts';
import type { Log } from '../../domain/ports.ts';
import type { Bot } from '../../domain/surface.ts';
import { greetingText, isGreeting } from './greeting-text.ts';
import type { Entry, KnownGuilds } from './known-guilds.ts';
import { noMentions } from './message-body.ts';

export interface GreetingOptions {
  readonly bot: Pick<Bot, 'prefix' | 'commands' | 'settingsOf'>;
  readonly known: KnownGuilds;
  /** Where the guild's own is one that we do not speak. */
  readonly language: Language;
  readonly log: Log;
  /** In ms since 1970. */
  readonly now: () => number;
}

const MAY_WRITE = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages;
const PAGE = 100;
const CLOCKS_APART_MS = 60_000;

const SeenMessages = z.array(z.object({ content: z.string(), author: z.object({ id: z.string() }) }));

/** Who has had the bot for longer has found out how to begin. */
const NEW_MS = 7 * 24 * 60 * 60_000;

/**
 * Says once in each guild that the bot enters how to begin, also where it came in while it did not run. Not in those
 * where it has been for long, and what a crash kept from being said is said by the next start.
 */
export function greetNewGuilds(client: Client, options: GreetingOptions): void {
  const { known, log, now } = options;
  const greet = (guild: Guild, again: boolean) => {
    new Greeting(guild, options).say({ again }).catch((error: unknown) => {
      log.error('a new guild is not greeted yet', error, { scope: guild.id });
    });
  };
  const meet = (guild: Guild) => {
    const isNew = now() - guild.joinedTimestamp < NEW_MS;
    if (!isNew) known.remember(entryOf(guild));
    // What the bot knew of it may be lost.
    else if (known.enter(entryOf(guild))) greet(guild, true);
  };
  client.once(Events.ClientReady, ({ guilds }) => {
    for (const { guild: id, joined } of known.waiting()) {
      const guild = guilds.cache.get(id);
      if (guild?.available === true && guild.joinedTimestamp === joined) greet(guild, true);
    }
    for (const guild of guilds.cache.values()) if (guild.available) meet(guild);
  });
  client.on(Events.GuildAvailable, meet);
  client.on(Events.GuildCreate, (guild) => {
    if (known.enter(entryOf(guild))) greet(guild, false);
  });
}

function entryOf({ id, joinedTimestamp }: Guild): Entry {
  return { guild: id, joined: joinedTimestamp };
}

class Greeting {
  readonly #guild: Guild;
  readonly #options: GreetingOptions;

  constructor(guild: Guild, options: GreetingOptions) {
    this.#guild = guild;
    this.#options = options;
  }

  /** @throws where it can be tried again later */
  async say({ again }: { readonly again: boolean }): Promise<void> {
    const { known, log } = this.#options;
    const facts = { scope: this.#guild.id };
    const me = this.#guild.members.me ?? (await this.#guild.members.fetchMe());
    const channel = channelFor(this.#guild, me);
    if (channel === null) {
      log.warn('a new guild has no channel where the bot may greet', facts);
    } else if (!again || !(await this.#standsIn(channel))) {
      await this.#post(channel, me);
    }
    known.settle(entryOf(this.#guild));
  }

  async #post({ id: channel }: GuildBasedChannel, me: GuildMember): Promise<void> {
    const { bot, language, log } = this.#options;
    const { id, preferredLocale, client, joinedTimestamp } = this.#guild;
    const own = (await bot.settingsOf(id)).locale ?? languageOf(preferredLocale) ?? language;
    const content = greetingText({
      language: own,
      prefix: bot.prefix,
      commands: bot.commands,
      granted: me.permissions.bitfield,
    });
    // One for each time that the guild was entered, in at most 25 characters.
    const nonce = `${BigInt(id).toString(36)}-${joinedTimestamp.toString(36)}`;
    try {
      await client.rest.post(Routes.channelMessages(channel), {
        body: {
          content,
          nonce,
          enforce_nonce: true,
          allowed_mentions: noMentions,
          flags: MessageFlags.SuppressEmbeds,
        },
      });
      log.info('greeted a new guild', { scope: id, channel });
    } catch (error) {
      if (!(error instanceof DiscordAPIError) || error.status >= 500) throw error;
      const { status, code } = error;
      log.warn('a new guild cannot be greeted', { scope: id, channel, status, code });
    }
  }

  /** Whether it was posted just before a crash. */
  async #standsIn({ id: channel }: GuildBasedChannel): Promise<boolean> {
    const { client, joinedTimestamp } = this.#guild;
    const after = SnowflakeUtil.generate({ timestamp: joinedTimestamp - CLOCKS_APART_MS }).toString();
    const query = new URLSearchParams({ after, limit: String(PAGE) });
    const messages = SeenMessages.parse(await client.rest.get(Routes.channelMessages(channel), { query }));
    return messages.some(({ author, content }) => author.id === client.user.id && isGreeting(content));
  }
}

/** Where Discord itself writes, or else the first one where the bot may. */
function channelFor(guild: Guild, me: GuildMember): GuildBasedChannel | null {
  const channels = [...guild.channels.cache.values()]
    .filter(
      (channel) => channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement,
    )
    .sort((a, b) => a.rawPosition - b.rawPosition || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  const system = guild.systemChannel;
  const all = system === null ? channels : [system, ...channels];
  return all.find((channel) => channel.permissionsFor(me).has(MAY_WRITE)) ?? null;
}
