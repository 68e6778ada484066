import { Client, Events, GatewayIntentBits } from 'discord.js';
import { VoiceRooms } from '../src/adapters/discord/voice/rooms.ts';
import type { Voice } from '../src/domain/ports.ts';
import { StandInDiscord } from '../test/stand-ins/discord/stand-in-discord.ts';
import { trust } from '../test/stand-ins/discord/voice/certificate.ts';
import { longestGap, lostPackets } from '../test/stand-ins/discord/voice/heard-sound.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * The longest time between two RTP packets of a text, in ms, from the voice through the real @discordjs/voice to a
 * stand-in voice server in the same process.
 * @throws Error where not all of it is heard
 */
export async function gapOnTheWire(voice: Voice, text: string): Promise<number> {
  await using discord = await StandInDiscord.start({ voice: true });
  trust(discord.calls.server.certificate);
  const server = discord.createGuild('Bench');
  const lounge = server.addChannel('lounge', { voice: true });
  const listener = server.addMember('Ann');
  listener.entersVoice(lounge);
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    rest: { api: discord.apiUrl, cdn: discord.cdnUrl },
  });
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  const ended = Promise.withResolvers<void>();
  const rooms = new VoiceRooms({
    client: await ready,
    voice,
    report: ({ happening }) => {
      if (happening.kind === 'spoken') ended.resolve();
      else if (happening.kind === 'dropped') ended.reject(new Error(`dropped: ${happening.reason}`));
    },
    hear: () => undefined,
    mayHear: () => false,
    tell: () => undefined,
    log: SILENT,
    now: () => Date.now(),
    idleMinutes: 10,
  });
  try {
    const guild = await client.guilds.fetch(server.id);
    const by = { commandId: 'bench', actor: listener.id };
    rooms.speak(guild, lounge.id, { answer: 'bench', text, language: 'en' }, by);
    await ended.promise;
    const heard = discord.calls.server.sessionOf(server.id)?.heard.all ?? [];
    if (lostPackets(heard) > 0) throw new Error('packets were lost');
    return longestGap(heard);
  } finally {
    await rooms.close();
    await client.destroy();
  }
}
