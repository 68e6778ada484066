import { type Client, type Guild, SnowflakeUtil } from 'discord.js';
import { type Language, languages } from '../../domain/languages/languages.ts';
import type { Log, SpokenPart, Voice, Workspace } from '../../domain/ports.ts';
import { type InWords, Refusal } from '../../domain/refusal.ts';
import type { Bot, Incoming, Listening, Reply, VoicePlace } from '../../domain/surface.ts';
import type { VoiceReport } from '../../domain/voice.ts';
import type { Received } from './incoming.ts';
import { languageSpoken } from './language-spoken.ts';
import { News } from './news.ts';
import type { Posting } from './posting.ts';
import type { RateLimits } from './rate-limits.ts';
import { renderReply } from './rendering/rendered-reply.ts';
import { Turns } from './turns.ts';
import { peopleIn } from './voice/people.ts';
import { VoiceRooms, type VoiceRoomsOptions } from './voice/rooms.ts';
import type { Utterance } from './voice/utterance.ts';

/** How many utterances of one server may wait to be written down and answered. */
const MOST_WAITING = 8;
/** After which people are told again that what they say is not answered, in ms. */
const TOLD_AGAIN_MS = 60_000;
/** After which they are told again why nothing is said, in ms. */
const SILENCE_TOLD_AGAIN_MS = 24 * 3_600_000;

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
  readonly bot: Pick<Bot, 'run' | 'settingsOf' | 'mayHear' | 'consents' | 'recordVoice'>;
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
  /** What was heard and is not yet answered, with the server where it was said. */
  readonly #hearing = new Map<Promise<void>, string>();
  /** Where it was told who is heard, by guild. */
  readonly #listening = new Map<string, string>();
  readonly #faults: News;
  readonly #silences: News;
  /** Why the voice said nothing the last time. */
  #silentBecause: InWords | null = null;
  #recorded: Promise<void> = Promise.resolve();

  constructor(options: TalkingOptions) {
    const { client, bot, log, now, idleMinutes, queueLimit, joinsPerMinute, timing, utteranceLimits } =
      options;
    this.#options = options;
    this.#faults = new News({ freshMs: TOLD_AGAIN_MS, now });
    this.#silences = new News({ freshMs: SILENCE_TOLD_AGAIN_MS, now });
    this.#rooms = new VoiceRooms({
      client,
      voice: {
        prepare: async () => options.voice.prepare?.(),
        speak: (...asked) => this.#speak(...asked),
      },
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
    bot.consents((scope, member, consented) => this.#rooms.consentIs(scope, member, consented), options.stop);
  }

  /** Null in direct messages. */
  placeFor({ scope, actor: { id } }: Pick<Received, 'scope' | 'actor'>): VoicePlace | null {
    const guild = this.#guild(scope);
    if (guild === null) return null;
    const room = this.#rooms.roomFor(guild, id);
    const channel = room.membersChannel ?? room.channel;
    return {
      room,
      people: channel === null ? [] : peopleIn(guild, channel),
      locale: guild.preferredLocale,
    };
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
    if (written !== listening.channel) void this.#announce(guild, listening);
  }

  /** Where it could not be told after all, nobody is heard. */
  async #announce(guild: Guild, { channel, on, text }: Listening): Promise<void> {
    const isTold = await this.#tell(channel, () => text);
    if (isTold || !on || this.#listening.get(guild.id) !== channel) return;
    this.#listening.delete(guild.id);
    await this.#rooms.endListening(guild);
  }

  /** Leaves every channel; resolves when what was heard is answered and everything is recorded. */
  async close(): Promise<void> {
    await this.#rooms.close();
    await Promise.all(this.#hearing.keys());
    await this.#recorded;
  }

  // --- hearing

  #hear(utterance: Utterance): void {
    if (this.#options.stop.aborted) return;
    const { scope, channel } = utterance;
    const waiting = [...this.#hearing.values()].filter((place) => place === scope).length;
    if (waiting >= MOST_WAITING) {
      this.#drop(utterance, 'backlog', ({ voice }) => voice.tooMuchHeard);
      return;
    }
    const answered = this.#turns
      .take(channel, () => this.#answer(utterance))
      .catch((error: unknown) => this.#options.log.error('what was heard was not answered', error))
      .finally(() => this.#hearing.delete(answered));
    this.#hearing.set(answered, scope);
  }

  /** It is not kept, and people are told so, but not with each one. */
  #drop({ scope, channel, member }: Utterance, reason: string, sentence: InWords): void {
    this.#options.log.warn('what was heard is dropped', { scope, channel, member, reason });
    if (this.#faults.take(`${scope} ${reason}`)) void this.#tell(channel, sentence);
  }

  async #answer(utterance: Utterance): Promise<void> {
    const { scope, channel, member, packets, isCut } = utterance;
    const { bot, rateLimits, now, client } = this.#options;
    const guild = this.#guild(scope);
    if (guild === null) return;
    if ((await rateLimits.take(scope, member)) !== 'go') {
      this.#drop(utterance, `pace of ${member}`, ({ voice }) => voice.heardTooOften(`<@${member}>`));
      return;
    }
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
    if (reply.ok || this.#faults.take(`${scope} ${kindOfFault(reply)}`))
      await this.#post(guild, channel, asked.id, reply);
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
    if (this.#silences.take(`${scope} ${why(languages.en)}`)) void this.#tell(channel, why);
  }

  /** Whether it could be told. */
  async #tell(channel: string, sentence: InWords): Promise<boolean> {
    const { client, log, now } = this.#options;
    try {
      const found = client.channels.cache.get(channel);
      if (found === undefined || found.isDMBased()) return false;
      const text = sentence(await this.#wordsIn(found.guild));
      const id = SnowflakeUtil.generate({ timestamp: now() }).toString();
      return await this.#post(found.guild, channel, id, { text, files: [], actions: [] });
    } catch (error) {
      log.error('a voice channel was not told', error, { channel });
      return false;
    }
  }

  async #post(
    guild: Guild,
    channel: string,
    id: string,
    reply: Pick<Reply, 'text' | 'files' | 'actions'>,
  ): Promise<boolean> {
    const { posting, workspace, log } = this.#options;
    const words = await this.#wordsIn(guild);
    const messages = await renderReply(reply, { words, scope: guild.id, workspace, maxFileBytes: null });
    try {
      await posting.say(channel, id, messages);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('a voice channel cannot be written in', { scope: guild.id, channel, reason });
      return false;
    }
  }

  async #wordsIn({ id: scope, preferredLocale: placeLocale }: Guild) {
    return languages[await languageSpoken({ scope, locale: null, placeLocale }, this.#options)];
  }

  #guild(scope: string): Guild | null {
    return this.#options.client.guilds.cache.get(scope) ?? null;
  }
}

/** Why nothing is answered: each question that a model could not answer has an id of its own, and is of one kind. */
function kindOfFault({ command, data, text }: Reply): string {
  return 'answer' in data ? `${command} unanswered` : text;
}

/** What the bot is called there. */
function namesOf({ members: { me } }: Guild, { user }: Client<true>): readonly string[] {
  return [...new Set([me?.displayName ?? user.displayName, user.displayName, user.username])];
}
