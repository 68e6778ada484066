import {
  Client,
  type ClientEvents,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  Partials,
} from 'discord.js';
import { afterEach } from 'vitest';
import { StandInDiscord, type StandInOptions } from './stand-in-discord.ts';

const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMembers,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.GuildVoiceStates,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.MessageContent,
];

const afterwards: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of afterwards.splice(0).toReversed()) await end();
});

/** A stand-in that is stopped when the test is over, and must have been used by Discord's rules until then. */
export async function startStandIn(
  options?: StandInOptions,
  { lawful = true }: { readonly lawful?: boolean } = {},
): Promise<StandInDiscord> {
  const discord = await StandInDiscord.start(options);
  afterwards.push(async () => {
    await discord.stop();
    if (lawful) discord.assertContract();
  });
  return discord;
}

/** The real discord.js, not logged in yet. */
export function realClient(discord: StandInDiscord, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({
    intents,
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    rest: { api: discord.apiUrl, cdn: discord.cdnUrl, offset: 0 },
    // It would wait 5 s between two sessions, and some tests begin a second one.
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) },
    ...options,
  });
  afterwards.push(() => client.destroy());
  return client;
}

/** The real discord.js, ready. */
export async function loggedIn(
  discord: StandInDiscord,
  options?: Partial<ClientOptions>,
): Promise<Client<true>> {
  const client = realClient(discord, options);
  const ready = next(client, Events.ClientReady);
  await client.login(discord.token);
  await ready;
  if (!client.isReady()) throw new Error('The client said that it is ready.');
  return client;
}

/** What comes with the next event of this kind. */
export function next<Event extends keyof ClientEvents>(
  client: Client,
  event: Event,
): Promise<ClientEvents[Event]> {
  return new Promise((resolve) => client.once(event, (...args) => resolve(args)));
}
