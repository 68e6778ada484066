import type { VoiceConnection } from '@discordjs/voice';
import type { Guild } from 'discord.js';
import type { Log, Voice } from '../../../domain/ports.ts';
import { type InWords, Refusal } from '../../../domain/refusal.ts';
import type {
  SpokenReply,
  VoiceCause,
  VoiceHappening,
  VoiceReason,
  VoiceReport,
} from '../../../domain/voice.ts';
import { Allowance } from './allowance.ts';
import type { MayHear } from './consents.ts';
import { Hearing } from './hearing.ts';
import { Line, type LineEnding } from './line.ts';
import { requireAccess, requireWriting } from './may-join.ts';
import { isPerson, peopleIn } from './people.ts';
import { ReplyQueue, type Turn } from './reply-queue.ts';
import { interrupted, Speaker, type Spoken, unlessAborted } from './speaker.ts';
import type { VoiceTiming } from './timing.ts';
import type { Utterance, UtteranceLimits } from './utterance.ts';

const MINUTE = 60_000;

export interface GuildVoiceOptions {
  readonly guild: Guild;
  /** Null where the bot has none: then every reply is dropped, with that as its reason. */
  readonly voice: Voice | null;
  /** Everything that is to stand in the ledger, as it happens. */
  readonly report: (report: VoiceReport) => void;
  readonly hear: (utterance: Utterance) => void;
  /** Asked when it begins to listen, of whoever comes, and again before what somebody said is handed out. */
  readonly mayHear: MayHear;
  /** What people are to know though nobody asked, such as why nothing is heard; named once for each channel. */
  readonly tell: (channel: string, sentence: InWords) => void;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** After which the bot leaves where nothing is spoken or heard, in ms. */
  readonly idleMs: number;
  /** How many replies may wait to be heard. */
  readonly queueLimit: number;
  /** Into a voice channel, in a minute. */
  readonly joinsPerMinute: number;
  readonly timing: VoiceTiming;
  readonly utteranceLimits: UtteranceLimits;
}

/** The bot's being in a voice channel, from somebody's wish on. */
interface Stay {
  readonly line: Line;
  readonly by: VoiceCause;
  /** Where it was said to be in the ledger; null before it was heard. */
  reported: string | null;
  idle: NodeJS.Timeout;
  alone: NodeJS.Timeout | null;
  /** The connection of the line, of which there may be several one after the other. */
  connection: VoiceConnection | null;
}

/** Everything of voice in one guild: where the bot is, what it says there and whom it hears. */
export class GuildVoice {
  readonly #options: GuildVoiceOptions;
  readonly #joins: Allowance;
  readonly #mendings: Allowance;
  readonly #speaker: Speaker | null;
  readonly #queue: ReplyQueue;
  readonly #told = new Set<string>();
  readonly #hearing: Hearing;
  #stay: Stay | null = null;
  #moves = 0;

  constructor(options: GuildVoiceOptions) {
    const { guild, voice, hear, mayHear, log, now, joinsPerMinute: times, queueLimit: limit } = options;
    this.#options = options;
    this.#joins = new Allowance({ times, windowMs: MINUTE, now });
    this.#mendings = new Allowance({ times, windowMs: MINUTE, now });
    this.#speaker = voice === null ? null : new Speaker({ voice, log });
    this.#hearing = new Hearing({
      scope: guild.id,
      mayHear,
      hear: (utterance) => {
        this.#stay?.idle.refresh();
        hear(utterance);
      },
      isPerson: (member) => isPerson(guild, member),
      limits: options.utteranceLimits,
      log,
      now,
    });
    this.#queue = new ReplyQueue({
      limit,
      speak: (turn, signal) => this.#speak(turn, signal),
      onQueued: (turn) => this.#reportTurn(turn, { kind: 'queued', answer: turn.reply.answer }),
      onEnded: (turn, spoken) => this.#reportTurn(turn, { ...spoken, answer: turn.reply.answer }),
    });
  }

  /** Where it is heard. */
  get channel(): string | null {
    return this.#stay?.line.isHeard === true ? this.#stay.line.channel : null;
  }

  get isListening(): boolean {
    return this.#hearing.isOn;
  }

  /** @throws Refusal with the reason */
  async join(channel: string, by: VoiceCause, reason: VoiceReason): Promise<void> {
    requireAccess(this.#options.guild, channel);
    const present = this.#stay;
    if (present?.line.channel === channel) return present.line.heard();
    const wait = this.#joins.waitMs;
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1_000);
      throw new Refusal(({ voiceConnection }) => voiceConnection.tooOften(seconds));
    }
    if (present !== null) this.#leave(present, reason, by);
    // What is to be said now has its voice already. Who speaks later is told why there is none.
    if (reason !== 'to_speak') void this.#options.voice?.prepare?.().catch(() => undefined);
    const stay = this.#begin(channel, by);
    await stay.line.heard();
    stay.reported = channel;
    this.#report(channel, by, { kind: 'joined', reason });
    this.#told.delete(channel);
    this.#heedCompany();
  }

  /** False where it was nowhere. */
  leave(by: VoiceCause): boolean {
    if (this.#stay === null) return false;
    this.#leave(this.#stay, 'asked', by);
    return true;
  }

  say(reply: SpokenReply, channel: string, by: VoiceCause): void {
    this.#queue.add({ reply, channel, by });
  }

  skip(): boolean {
    return this.#queue.skip();
  }

  silence(): number {
    return this.#queue.clear('silenced');
  }

  /** @throws Refusal where it could not come, or people there could not be told that it listens */
  requireTelling(channel: string): void {
    requireWriting(this.#options.guild, channel);
  }

  /** Resolves once it is known who may be heard. @throws Refusal where it is nowhere */
  async listen(on: boolean): Promise<void> {
    const stay = this.#stay;
    if (!on) {
      if (stay !== null) this.#stopListening(stay);
      return;
    }
    const nowhere = new Refusal(({ voiceConnection }) => voiceConnection.nowhere);
    if (stay?.line.isHeard !== true) throw nowhere;
    // It may be sent away meanwhile.
    if (!(await this.#hearing.begin(peopleIn(this.#options.guild, stay.line.channel)))) throw nowhere;
    stay.line.setDeaf(false);
    this.#hearing.hearOn(stay.connection, stay.line.channel);
  }

  /** Somebody has agreed to be heard in the guild, or does not any more. */
  consentIs(member: string, agreed: boolean): void {
    this.#hearing.consentIs(member, agreed);
  }

  ownChannelIs(channel: string | null): void {
    this.#stay?.line.ownChannelIs(channel);
  }

  channelIsGone(channel: string): void {
    this.#stay?.line.channelIsGone(channel);
  }

  /** Somebody else has come or gone. @param to null where they left */
  memberMoved(member: string, to: string | null): void {
    if (to !== null && to === this.#stay?.line.channel) this.#hearing.cameIn(member);
    this.#heedCompany();
  }

  #heedCompany(): void {
    const stay = this.#stay;
    if (stay?.line.isHeard !== true) return;
    const isAlone = peopleIn(this.#options.guild, stay.line.channel).length === 0;
    if (isAlone && stay.alone === null)
      stay.alone = setTimeout(() => this.#leave(stay, 'alone'), this.#options.timing.aloneMs);
    if (!isAlone && stay.alone !== null) {
      clearTimeout(stay.alone);
      stay.alone = null;
    }
  }

  /** Resolves when everything of it is reported. */
  async close(reason: 'closing' | 'disconnected' = 'closing'): Promise<void> {
    if (this.#stay === null) this.#queue.clear('left');
    else this.#leave(this.#stay, reason);
    await this.#queue.settled();
  }

  // --- being there

  #begin(channel: string, by: VoiceCause): Stay {
    const { guild, timing, log, idleMs } = this.#options;
    const line = new Line({
      guild,
      channel,
      timing,
      log,
      joins: this.#joins,
      mendings: this.#mendings,
      onConnection: (connection) => {
        stay.connection = connection;
        this.#speaker?.speakOn(connection);
        this.#hearing.hearOn(connection, line.channel);
      },
      onMoved: (to) => this.#moved(stay, to),
      onOver: (ending) => this.#over(stay, ending),
    });
    const idle = setTimeout(() => this.#becomeIdle(stay), idleMs);
    const stay: Stay = { line, by, reported: null, idle, alone: null, connection: null };
    this.#stay = stay;
    line.start();
    return stay;
  }

  #leave(stay: Stay, reason: VoiceReason, by?: VoiceCause): void {
    this.#end(stay, reason, by);
    stay.line.leave();
  }

  #over(stay: Stay, ending: LineEnding): void {
    if (ending.kind === 'failed' && stay.reported !== null)
      this.#options.tell(stay.line.channel, ending.refusal.inWords);
    this.#end(stay, 'disconnected');
  }

  #end(stay: Stay, reason: VoiceReason, by?: VoiceCause): void {
    if (this.#stay !== stay) return;
    this.#stay = null;
    this.#hearing.end();
    clearTimeout(stay.idle);
    clearTimeout(stay.alone ?? undefined);
    // Who calls it elsewhere is to be heard there.
    if (reason !== 'to_speak') this.#queue.clear('left');
    if (stay.reported === null) return;
    this.#report(stay.reported, by ?? this.#itself(stay, reason), { kind: 'left', reason });
  }

  #moved(stay: Stay, to: string): void {
    if (this.#stay !== stay || stay.reported === null) return;
    this.#moves += 1;
    const by = this.#itself(stay, `moved/${this.#moves}`);
    this.#report(stay.reported, by, { kind: 'left', reason: 'moved' });
    this.#report(to, by, { kind: 'joined', reason: 'moved' });
    stay.reported = to;
    // Nobody there has been told.
    this.#stopListening(stay);
    this.#heedCompany();
  }

  #becomeIdle(stay: Stay): void {
    if (this.#queue.isEmpty) this.#leave(stay, 'idle');
    else stay.idle.refresh();
  }

  // --- saying

  async #speak(turn: Turn, signal: AbortSignal): Promise<Spoken> {
    const speaker = this.#speaker;
    if (speaker === null) return { kind: 'dropped', reason: 'no_voice' };
    // It does not come to say nothing.
    const beginning = await speaker.begin(turn.reply, signal);
    if (beginning.kind !== 'beginning') return beginning;
    const isThere = await this.#comeTo(turn, signal);
    if (signal.aborted || !isThere) {
      await beginning.rest.return?.();
      return signal.aborted ? interrupted(signal, 0) : { kind: 'dropped', reason: 'failed' };
    }
    const spoken = await speaker.speak(beginning, signal);
    this.#stay?.idle.refresh();
    return spoken;
  }

  /** Whether it is heard there. */
  async #comeTo({ channel, by }: Turn, signal: AbortSignal): Promise<boolean> {
    try {
      await unlessAborted(this.join(channel, by, 'to_speak'), signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof Refusal)) this.#options.log.error('joining a voice channel', error);
      else if (!this.#told.has(channel)) {
        this.#told.add(channel);
        this.#options.tell(channel, error.inWords);
      }
      return false;
    }
  }

  // --- hearing

  #stopListening({ line }: Stay): void {
    this.#hearing.end();
    line.setDeaf(true);
  }

  // --- telling

  /** What nobody asked for. @param what it was, of everything that may follow from one command */
  #itself({ by }: Stay, what: string): VoiceCause {
    return { commandId: `${by.commandId}/${what}`, actor: this.#options.guild.client.user.id };
  }

  #reportTurn({ channel, by }: Turn, happening: VoiceHappening): void {
    this.#report(channel, by, happening);
  }

  #report(channel: string, { commandId, actor }: VoiceCause, happening: VoiceHappening): void {
    const id = `${commandId}/${happening.kind}`;
    this.#options.report({ id, scope: this.#options.guild.id, channel, actor, happening });
  }
}
