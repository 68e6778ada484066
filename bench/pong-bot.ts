import { Client, Events, GatewayIntentBits } from 'discord.js';

/** The reference: discord.js and nothing else, replying to whatever is written. */
const { DISCORD_TOKEN, DISCORD_API_URL } = process.env;
if (DISCORD_TOKEN === undefined || DISCORD_API_URL === undefined) throw new Error('it needs a server');

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
  rest: { api: DISCORD_API_URL },
});
client.on(Events.MessageCreate, async (message) => {
  if (!message.author.bot) await message.reply('pong');
});
process.on('SIGTERM', () => void client.destroy().then(() => process.exit(0)));
await client.login(DISCORD_TOKEN);
