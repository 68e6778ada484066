import { Client, GatewayIntentBits, Options, Partials, type PresenceData } from 'discord.js';
import { Agent } from 'undici';

/** Where a server that speaks Discord's API is found, without the version. */
export interface Servers {
  readonly api: string;
  readonly cdn: string;
}

const INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildVoiceStates,
  GatewayIntentBits.DirectMessages,
];

export interface ClientOptions {
  /** Asks for the intent to read messages that do not address the bot, which Discord has to grant. */
  readonly readsContent: boolean;
  readonly presence: PresenceData;
}

export function createClient({ api, cdn }: Servers, { readsContent, presence }: ClientOptions): Client {
  return new Client({
    intents: readsContent ? [...INTENTS, GatewayIntentBits.MessageContent] : INTENTS,
    // The channels of direct messages are not announced at the start.
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    failIfNotExists: false,
    // Of the same library that sends its requests. Otherwise they go through whatever was loaded first, which can be
    // Node's own of another version, that understands them only by way of an interpreter.
    rest: { api, cdn, agent: new Agent() },
    presence,
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 20,
      ReactionManager: 0,
      ReactionUserManager: 0,
      PresenceManager: 0,
      GuildMemberManager: { maxSize: 500, keepOverLimit: ({ id, client }) => id === client.user.id },
      UserManager: { maxSize: 1_000, keepOverLimit: ({ id, client }) => id === client.user.id },
    }),
  });
}
