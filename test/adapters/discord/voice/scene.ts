import type { Client, Guild as ClientGuild } from 'discord.js';
import { afterEach } from 'vitest';
import { VoiceRooms, type VoiceRoomsOptions } from '../../../../src/adapters/discord/voice/rooms.ts';
import type { Utterance } from '../../../../src/adapters/discord/voice/utterance.ts';
import type { Language } from '../../../../src/domain/languages/languages.ts';
import type { InWords } from '../../../../src/domain/refusal.ts';
import type { SpokenReply, VoiceCause, VoiceReport, VoiceRoom } from '../../../../src/domain/voice.ts';
import { Inbox } from '../../../stand-ins/discord/inbox.ts';
import { loggedIn, startStandIn } from '../../../stand-ins/discord/real-client.ts';
import type { StandInDiscord } from '../../../stand-ins/discord/stand-in-discord.ts';
import type { Channel } from '../../../stand-ins/discord/view/channel.ts';
import type { Guild } from '../../../stand-ins/discord/view/guild.ts';
import type { Member } from '../../../stand-ins/discord/view/member.ts';
import { trust } from '../../../stand-ins/discord/voice/certificate.ts';
import { type HeardPacket, isSilence } from '../../../stand-ins/discord/voice/heard-sound.ts';
import type { VoiceServer } from '../../../stand-ins/discord/voice/voice-server.ts';
import type { Line } from '../running-bot.ts';
import { PacketVoice } from './spoken-packets.ts';

/** Short enough that a fault is over within a test; a join may take long where the machine is busy. */
const usual = {
  connectMs: 5_000,
  mendMs: 5_000,
  movedMs: 1_000,
  backOffMs: [50, 150, 400],
  steadyMs: 3_000,
  aloneMs: 100,
};

export interface Scene {
  readonly discord: StandInDiscord;
  readonly guild: Guild;
  readonly lounge: Channel;
  /** Sits in the lounge. */
  readonly ann: Member;
  readonly client: Client<true>;
  readonly rooms: VoiceRooms;
  readonly room: () => VoiceRoom;
  readonly reports: Inbox<VoiceReport>;
  readonly heard: Inbox<Utterance>;
  readonly told: Inbox<InWords>;
  readonly log: Inbox<Line>;
  /** Where calls take place now. */
  readonly server: () => VoiceServer;
  /** Waits to be heard in the lounge. Which answer it is. */
  speak(text: string, language?: Language): string;
  join(): Promise<void>;
}

const open: VoiceRooms[] = [];

afterEach(async () => {
  for (const rooms of open.splice(0)) await rooms.close();
});

let commands = 0;

/** Each time another command, of Ann's. */
export function by(actor = 'ann'): VoiceCause {
  commands += 1;
  return { commandId: `command-${commands}`, actor };
}

/** The real discord.js and @discordjs/voice before a stand-in with a voice channel. */
export async function voiceScene(options: Partial<VoiceRoomsOptions> = {}): Promise<Scene> {
  const discord = await startStandIn({ voice: true, voiceHeartbeatMs: 200 });
  trust(discord.calls.server.certificate);
  const guild = discord.createGuild('Trainers');
  const lounge = guild.addChannel('lounge', { voice: true });
  const ann = guild.addMember('Ann');
  ann.entersVoice(lounge);
  const client = await loggedIn(discord);
  const reports = new Inbox<VoiceReport>('a report of a voice channel');
  const heard = new Inbox<Utterance>('something said');
  const told = new Inbox<InWords>('a word to people');
  const log = new Inbox<Line>('a line of the log');
  const rooms = new VoiceRooms({
    client,
    voice: new PacketVoice(),
    report: (report) => reports.add(report),
    hear: (utterance) => heard.add(utterance),
    mayHear: () => true,
    tell: (_, sentence) => told.add(sentence),
    log: {
      info: (what, facts = {}) => log.add({ level: 'info', what, facts }),
      warn: (what, facts = {}) => log.add({ level: 'warn', what, facts }),
      error: (what, error, facts = {}) => log.add({ level: 'error', what, facts, error }),
    },
    now: () => Date.now(),
    idleMinutes: 10,
    joinsPerMinute: 20,
    ...options,
    timing: { ...usual, ...options.timing },
  });
  open.push(rooms);
  const room = () => rooms.roomFor(clientGuild(client, guild), ann.id);
  let answers = 0;
  return {
    discord,
    guild,
    lounge,
    ann,
    client,
    rooms,
    room,
    reports,
    heard,
    told,
    log,
    server: () => discord.calls.server,
    speak: (text, language = 'en') => {
      answers += 1;
      const reply: SpokenReply = { answer: `answer-${answers}`, text, language };
      rooms.speak(clientGuild(client, guild), lounge.id, reply, by());
      return reply.answer;
    },
    join: () => room().join(lounge.id, by()),
  };
}

export function clientGuild(client: Client<true>, { id }: Pick<Guild, 'id'>): ClientGuild {
  const guild = client.guilds.cache.get(id);
  if (guild === undefined) throw new Error('The client does not know the guild.');
  return guild;
}

/** Resolves with what became of an answer. */
export async function outcome(
  { reports }: Pick<Scene, 'reports'>,
  answer: string,
): Promise<VoiceReport['happening']> {
  const { happening } = await reports.find(
    ({ happening }) => 'answer' in happening && happening.answer === answer && happening.kind !== 'queued',
  );
  return happening;
}

/** What was heard of the bot since it came, without silence. */
export function soundIn({ server, guild }: Pick<Scene, 'server' | 'guild'>): readonly HeardPacket[] {
  return (server().sessionOf(guild.id)?.heard.all ?? []).filter((packet) => !isSilence(packet));
}

/** Resolves as soon as something else than silence is heard after what was heard before. */
export async function nextSound({ server, guild }: Pick<Scene, 'server' | 'guild'>): Promise<HeardPacket> {
  const session =
    server().sessionOf(guild.id) ?? (await server().sessions.find(({ ticket }) => ticket.guild === guild.id));
  const known = session.heard.all.length;
  return session.heard.find((packet) => !isSilence(packet) && session.heard.all.indexOf(packet) >= known);
}

/** Resolves once Discord knows that the bot is in no voice channel. */
export async function hasLeft({ discord, guild }: Pick<Scene, 'discord' | 'guild'>): Promise<void> {
  await discord.calls.leaves.find(() => guild.botsVoiceChannel === null);
}

/** A text that takes 40 ms a word. */
export function words(count: number): string {
  return Array.from({ length: count }, (_, index) =>
    'abcdefghij'.charAt(index % 10).repeat(1 + (index % 7)),
  ).join(' ');
}

export function kinds({ reports }: Pick<Scene, 'reports'>): readonly string[] {
  return reports.all.map(({ happening }) =>
    'reason' in happening ? `${happening.kind} ${happening.reason}` : happening.kind,
  );
}
