import { type Client, type Guild, SnowflakeUtil } from 'discord.js';
import { type Language, languages } from '../../domain/languages/languages.ts';
import type { Log, SpokenPart, Voice, Workspace } from '../../domain/ports.ts';
import { type InWords, Refusal } from '../../domain/refusal.ts';
import type { Bot, Incoming, Reply, VoicePlace } from '../../domain/surface.ts';
import type { VoiceReport } from '../../domain/voice.ts';
import type { Received } from './incoming.ts';
import { languageSpoken } from './language-spoken.ts';
import type { Posting } from './posting.ts';
import type { RateLimits } from './rate-limits.ts';
import { renderReply } from './rendering/rendered-reply.ts';
import { Turns } from './turns.ts';
import { VoiceRooms, type VoiceRoomsOptions } from './voice/rooms.ts';
import type { Utterance } from './voice/utterance.ts';

/** How the bot is in voice channels. */
export interface VoiceOptions
  extends Pick<
    VoiceRoomsOptions,
    'idleMinutes' | 'queueLimit' | 'joinsPerMinute' | 'timing' | 'utteranceLimits'
  > {
  readonly voice: Voice;
}

export interface TalkingOptions extends VoiceOptions {
  readonly client: Client<true>;
  readonly bot: Pick<Bot, 'run' | 'settingsOf' | 'mayHear' | 'recordVoice'>;
  readonly posting: Posting;
  readonly rateLimits: Pick<RateLimits, 'take'>;
  readonly workspace: Pick<Workspace, 'fileOfReply'>;
  /** Where neither the person nor the place has one. */
  readonly language: Language;
  readonly log: Log;
  readonly now: () => number;
  /** From then on nothing that is heard is begun any more. */
  readonly stop: AbortSignal;
}

/** Where and by whom something was asked for. */
type Asked = Pick<Received, 'id' | 'scope' | 'channel' | 'actor'>;

/** Everything between the voice channels and the bot: what is said there, who is heard, and what is recorded of it. */
export class Talking {
  readonly #options: TalkingOptions;
  readonly #rooms: VoiceRooms;
  readonly #turns = new Turns();
  readonly #hearing = new Set<Promise<void>>();
  /** Where it was told who is heard, by guild. */
  readonly #listening = new Map<string, string>();
  /** What each guild has been told of why nothing is heard. */
  readonly #told = new Set<string>();
  /** Why the voice said nothing the last time. */
  #silentBecause: InWords | null = null;
  #recorded: Promise<void> = Promise.resolve();

  constructor(options: TalkingOptions) {
    const { client, bot, log, now, idleMinutes, queueLimit, joinsPerMinute, timing, utteranceLimits } =
      options;
    this.#options = options;
    this.#rooms = new VoiceRooms({
      client,
      voice: { speak: (...asked) => this.#speak(...asked) },
      report: (report) => this.#record(report),
      hear: (utterance) => this.#hear(utterance),
      mayHear: (scope, member) => bot.mayHear(scope, member),
      tell: (channel, sentence) => void this.#tell(channel, sentence),
      log,
      now,
      idleMinutes,
      ...(queueLimit !== undefined && { queueLimit }),
      ...(joinsPerMinute !== undefined && { joinsPerMinute }),
      ...(timing !== undefined && { timing }),
      ...(utteranceLimits !== undefined && { utteranceLimits }),
    });
  }

  /** Null in direct messages. */
  placeFor({ scope, actor: { id } }: Pick<Received, 'scope' | 'actor'>): VoicePlace | null {
    const guild = this.#guild(scope);
    if (guild === null) return null;
    const room = this.#rooms.roomFor(guild, id);
    const channel = room.membersChannel ?? room.channel;
    return { room, people: channel === null ? [] : peopleIn(guild, channel) };
  }

  /** What is to be heard and told of a reply, beside where it is written. */
  follow({ id, scope, channel: written, actor }: Asked, { spoken, listening }: Reply): void {
    const guild = this.#guild(scope);
    if (guild === null) return;
    const channel = guild.voiceStates.cache.get(actor.id)?.channelId ?? null;
    if (spoken !== undefined && channel !== null)
      this.#rooms.speak(guild, channel, spoken, { commandId: id, actor: actor.id });
    if (listening === undefined) return;
    if (listening.on) this.#listening.set(scope, listening.channel);
    else this.#listening.delete(scope);
    if (written !== listening.channel) void this.#tell(listening.channel, () => listening.text);
  }

  /** Leaves every channel; resolves when what was heard is answered and everything is recorded. */
  async close(): Promise<void> {
    await this.#rooms.close();
    await Promise.all(this.#hearing);
    await this.#recorded;
  }

  // --- hearing

  #hear(utterance: Utterance): void {
    if (this.#options.stop.aborted) return;
    const answered = this.#turns
      .take(utterance.channel, () => this.#answer(utterance))
      .catch((error: unknown) => this.#options.log.error('what was heard was not answered', error))
      .finally(() => this.#hearing.delete(answered));
    this.#hearing.add(answered);
  }

  async #answer({ scope, channel, member, packets, isCut }: Utterance): Promise<void> {
    const { bot, rateLimits, now, client } = this.#options;
    const guild = this.#guild(scope);
    if (guild === null || (await rateLimits.take(scope, member)) !== 'go') return;
    const isAlone = peopleIn(guild, channel).length <= 1;
    const asked = {
      id: SnowflakeUtil.generate({ timestamp: now() }).toString(),
      scope,
      channel,
      actor: { id: member, manager: false, roles: [] },
    };
    const incoming: Incoming = {
      ...asked,
      input: { kind: 'utterance', packets, isCut, calledBy: isAlone ? null : namesOf(guild, client) },
      origin: 'voice',
      surface: 'discord',
      locale: null,
      placeLocale: guild.preferredLocale,
      attachments: [],
      voice: this.placeFor(asked),
    };
    const reply = await bot.run(incoming);
    if (reply.text === '') return;
    this.follow(asked, reply);
    if (reply.ok || this.#isNews(scope, reply.text)) await this.#post(guild, channel, asked.id, reply);
  }

  // --- saying

  async *#speak(...asked: Parameters<Voice['speak']>): AsyncIterable<SpokenPart> {
    try {
      yield* this.#options.voice.speak(...asked);
    } catch (error) {
      if (error instanceof Refusal) this.#silentBecause = error.inWords;
      throw error;
    }
  }

  // --- telling

  #record(report: VoiceReport): void {
    const { bot, log } = this.#options;
    const { id, scope, channel, happening } = report;
    this.#recorded = this.#recorded
      .then(() => bot.recordVoice(report))
      .catch((error: unknown) => log.error('not recorded', error, { id, scope, channel }));
    if (happening.kind === 'left') this.#endListening(scope, channel);
    if (happening.kind === 'dropped' && happening.reason === 'no_voice') this.#tellWhySilent(scope, channel);
  }

  /** Whoever was told that they are heard is told that they are not any more. */
  #endListening(scope: string, channel: string): void {
    if (this.#listening.get(scope) !== channel) return;
    this.#listening.delete(scope);
    if (!this.#options.stop.aborted)
      void this.#tell(channel, ({ voice }) => voice.listening.ends(`<#${channel}>`));
  }

  #tellWhySilent(scope: string, channel: string): void {
    const why: InWords = this.#silentBecause ?? (({ voice }) => voice.noVoice);
    if (this.#isNews(scope, why(languages.en))) void this.#tell(channel, why);
  }

  /** Once for each guild, and not with everything that is said or heard. */
  #isNews(scope: string, sentence: string): boolean {
    const key = `${scope} ${sentence}`;
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  async #tell(channel: string, sentence: InWords): Promise<void> {
    const { client, log, now } = this.#options;
    try {
      const found = client.channels.cache.get(channel);
      if (found === undefined || found.isDMBased()) return;
      const text = sentence(await this.#wordsIn(found.guild));
      const id = SnowflakeUtil.generate({ timestamp: now() }).toString();
      await this.#post(found.guild, channel, id, { text, files: [], actions: [] });
    } catch (error) {
      log.error('a voice channel was not told', error, { channel });
    }
  }

  async #post(
    guild: Guild,
    channel: string,
    id: string,
    reply: Pick<Reply, 'text' | 'files' | 'actions'>,
  ): Promise<void> {
    const { posting, workspace, log } = this.#options;
    const words = await this.#wordsIn(guild);
    const messages = await renderReply(reply, { words, scope: guild.id, workspace, maxFileBytes: null });
    try {
      await posting.say(channel, id, messages);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('a voice channel cannot be written in', { scope: guild.id, channel, reason });
    }
  }

  async #wordsIn({ id: scope, preferredLocale: placeLocale }: Guild) {
    return languages[await languageSpoken({ scope, locale: null, placeLocale }, this.#options)];
  }

  #guild(scope: string): Guild | null {
    return this.#options.client.guilds.cache.get(scope) ?? null;
  }
}

/** Whoever is not known to be a program is a person. */
function peopleIn(guild: Guild, channel: string): readonly string[] {
  return [...guild.voiceStates.cache.values()]
    .filter(({ channelId, id }) => channelId === channel && id !== guild.client.user.id)
    .flatMap(({ id }) => (guild.members.cache.get(id)?.user.bot === true ? [] : [id]));
}

/** What the bot is called there. */
function namesOf({ members: { me } }: Guild, { user }: Client<true>): readonly string[] {
  return [...new Set([me?.displayName ?? user.displayName, user.displayName, user.username])];
}
