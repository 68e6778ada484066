import { setTimeout as pause } from 'node:timers/promises';
import { DiscordAPIError, RESTJSONErrorCodes, SnowflakeUtil } from 'discord.js';
import { isDirect } from '../../domain/direct-messages.ts';
import { type Language, languages } from '../../domain/languages/languages.ts';
import type { Log, Workspace } from '../../domain/ports.ts';
import type { Bot, Incoming, Reply } from '../../domain/surface.ts';
import { GrowingReplies, type GrowingReply } from './growing-reply.ts';
import type { Address, Inbox } from './inbox.ts';
import { type OpenFiles, opened, type Received } from './incoming.ts';
import { languageSpoken } from './language-spoken.ts';
import { isError } from './own-messages.ts';
import type { Delivery, Posting } from './posting.ts';
import { renderReply } from './rendering/rendered-reply.ts';
import type { Talking } from './talking.ts';
import { Turns } from './turns.ts';
import type { Typing } from './typing.ts';

/** What has waited for longer is not answered any more. */
const MAX_AGE_MS = 24 * 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;
/**
 * What has been begun so often without an end may be what ends the process. So many times, since a process that is
 * killed for another reason must not lose anything.
 */
const MAX_BEGINS = 100;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000] as const;

/** Tells Discord that an answer comes. Resolves to whether somebody still waits for it. */
export type Acknowledge = () => Promise<boolean>;

export interface AnsweringOptions {
  readonly bot: Pick<Bot, 'run' | 'settingsOf' | 'commands'>;
  readonly inbox: Inbox;
  readonly posting: Posting;
  readonly typing: Typing;
  readonly workspace: Pick<Workspace, 'fileOfReply'>;
  readonly openFiles: OpenFiles;
  /** The largest file that is taken there, null for direct messages; null where none may be attached. */
  readonly maxFileBytes: (received: Received | null) => number | null;
  /** What commands in a text begin with there, where that is not the bot's own prefix. */
  readonly prefixFor: (received: Received) => string | null;
  readonly mayRead: (received: Received) => NonNullable<Incoming['mayRead']>;
  /** Where it can be heard what is written; null before there is a connection, and where voice is switched off. */
  readonly talking: () => Pick<Talking, 'placeFor' | 'follow'> | null;
  /** Where neither the person nor the place has one. */
  readonly language: Language;
  readonly log: Log;
  readonly now: () => number;
  /** From one edit of an answer that grows to the next, in ms; about a second where it is left out. */
  readonly betweenEditsMs?: number;
  /** From then on things are recorded and not begun any more. */
  readonly stop: AbortSignal;
}

/** What is known of a reply on Discord before the whole of it is posted. */
type Begun = Pick<Delivery, 'again' | 'standing'>;

type GrowingState = { -readonly [Key in keyof Begun]: Begun[Key] };

/**
 * From what was received to the reply on Discord. Everything that leads to a reply goes through here, so that it is
 * recorded before it is run, run once, posted once, and taken up again after a crash.
 */
export class Answering {
  readonly #options: AnsweringOptions;
  readonly #turns = new Turns();
  readonly #growing: GrowingReplies;
  readonly #running = new Map<string, Promise<Reply | null>>();
  /** What ends now ends too late: it is done again, and posted, at the next start. */
  #abandoned = false;
  /** In ms since 1970. */
  #forgottenAt = 0;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    this.#growing = new GrowingReplies(options.betweenEditsMs);
  }

  /**
   * Records, runs and posts. The same id twice is one.
   * @param acknowledge of an interaction: tells Discord, in the way that the address says, that an answer comes, as
   * soon as it is recorded; where nobody waits for one any more it is not carried out
   * @returns the reply when it stands on Discord; null where it was answered before or will be after a restart
   */
  answer(received: Received, address: Address, acknowledge?: Acknowledge): Promise<Reply | null> {
    return this.#take(received, address, { again: false, acknowledge });
  }

  /** Whether it was recorded before: then it is answered, or will be, whatever else arrives of it. */
  knows(id: string): boolean {
    return this.#running.has(id) || this.#options.inbox.stateOf(id) !== null;
  }

  /** It was too often: it is not carried out, whenever it arrives again. */
  refuse({ id, channel }: Pick<Received, 'id' | 'channel'>): void {
    this.#forgetOld();
    this.#options.inbox.refuse({ id, channel }, SnowflakeUtil.timestampFrom(id));
  }

  /** Likewise for what has a reply already, of which the inbox may know nothing: what is missing of it is posted. */
  answerAgain(received: Received, address: Address): Promise<Reply | null> {
    return this.#take(received, address, { again: true, acknowledge: undefined });
  }

  /** Takes up again what an earlier process left unanswered. */
  takeUp(): void {
    const { inbox, log, now } = this.#options;
    this.#forgetOld();
    for (const { received, address, at, begun } of inbox.waiting()) {
      const { id, scope } = received;
      if (this.#running.has(id)) continue;
      if (begun >= MAX_BEGINS || now() - at > MAX_AGE_MS) {
        log.warn('gave up what was not answered', { id, scope, begun });
        inbox.settle(id);
      } else
        void this.#begin(received, address, {
          again: true,
          acknowledge: this.#acknowledgeAgain(address, begun),
        });
    }
  }

  /** Resolves when everything that was begun is done, or when that takes too long: then it stays in the inbox. */
  async finished(graceMs: number): Promise<void> {
    const over = new AbortController();
    const all = Promise.allSettled(this.#running.values());
    await Promise.race([all, pause(graceMs, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
    if (this.#running.size > 0)
      this.#options.log.info('left for the next start', { answers: this.#running.size });
    this.#abandoned = true;
  }

  #take(
    received: Received,
    address: Address,
    { again, acknowledge }: { readonly again: boolean; readonly acknowledge: Acknowledge | undefined },
  ): Promise<Reply | null> {
    const running = this.#running.get(received.id);
    if (running !== undefined) return running;
    const { inbox, stop } = this.#options;
    this.#forgetOld();
    const known = inbox.record(received, address, SnowflakeUtil.timestampFrom(received.id));
    if (known === 'answered' || stop.aborted) return Promise.resolve(null);
    return this.#begin(received, address, { again: again || known === 'waiting', acknowledge });
  }

  #forgetOld(): void {
    const now = this.#options.now();
    if (now - this.#forgottenAt < FORGET_EVERY_MS) return;
    this.#options.inbox.forgetBefore(now - MAX_AGE_MS);
    this.#forgottenAt = now;
  }

  #begin(
    received: Received,
    address: Address,
    { again, acknowledge }: { readonly again: boolean; readonly acknowledge: Acknowledge | undefined },
  ): Promise<Reply | null> {
    const { id, channel, actor } = received;
    // At once, and not only when it is its turn: Discord waits for 3 s.
    const isAwaited = acknowledge?.() ?? Promise.resolve(true);
    isAwaited.catch(() => undefined);
    const answered = this.#turns
      .take(`${channel} ${actor.id}`, async () => {
        if (await isAwaited) return this.#carryOut(received, address, again);
        this.#options.inbox.settle(id);
        return null;
      })
      .catch((error: unknown) => {
        if (!this.#options.stop.aborted)
          this.#options.log.error('not answered', error, { id, scope: received.scope, channel });
        return null;
      })
      .finally(() => this.#running.delete(id));
    this.#running.set(id, answered);
    return answered;
  }

  /** Whether Discord had been told when the process was killed: it knows. What was begun had been acknowledged. */
  #acknowledgeAgain(address: Address, begun: number): Acknowledge | undefined {
    if (address.kind === 'message' || begun > 0) return undefined;
    return () => this.#options.posting.acknowledge(address);
  }

  async #carryOut(received: Received, address: Address, again: boolean): Promise<Reply | null> {
    const { bot, inbox, typing, openFiles, talking, prefixFor, stop } = this.#options;
    if (stop.aborted) return null;
    // A message that has just been recorded counts as begun with that.
    if (again || address.kind === 'interaction') inbox.begin(received.id);
    const endTyping = address.kind === 'message' ? typing.begin(address.channel) : undefined;
    const begun: GrowingState = { again, standing: null };
    const growing = this.#grow(received, address, begun);
    let reply: Reply;
    try {
      const voice = talking()?.placeFor(received) ?? null;
      const prefix = prefixFor(received);
      const mayRead = this.#options.mayRead(received);
      reply = await bot.run(opened(received, { openFiles, voice, prefix, mayRead }), growing.onText);
    } finally {
      await Promise.all([endTyping?.(), growing.end()]);
    }
    if (this.#abandoned) return null;
    talking()?.follow(received, reply);
    await this.#deliver(received, address, reply, begun);
    if (this.#abandoned) return null;
    inbox.settle(received.id);
    return reply;
  }

  /** @param begun is kept up to date */
  #grow({ id, channel }: Received, address: Address, begun: GrowingState): GrowingReply {
    return this.#growing.begin(channel, async (content) => {
      // What takes the place of a page is shown when it is whole.
      if (this.#abandoned || (address.kind === 'interaction' && address.deferred === 'update')) return false;
      const before = { ...begun };
      // Until it is known what came of it, something may stand there.
      begun.again = true;
      const standing = await this.#options.posting.show(address, { id, content, ...before });
      if (standing === undefined) return false;
      begun.standing = standing;
      begun.again = before.again;
      return true;
    });
  }

  async #deliver(received: Received, address: Address, reply: Reply, begun: Begun): Promise<void> {
    const { log, stop } = this.#options;
    const { id, scope, channel } = received;
    let attempt = { ...begun, filesRefused: false };
    for (let tries = 0; ; tries++) {
      try {
        return await this.#post(received, address, reply, attempt);
      } catch (error) {
        if (!attempt.filesRefused && areTooLarge(error)) {
          attempt = { ...attempt, again: true, filesRefused: true };
          continue;
        }
        const delay = RETRY_MS[tries];
        if (isFinal(error) || delay === undefined) {
          log.warn('a reply cannot be posted', { id, scope, channel, ...factsOf(error) });
          return;
        }
        attempt = { ...attempt, again: true };
        await pause(delay, undefined, { signal: stop });
      }
    }
  }

  async #post(
    received: Received,
    address: Address,
    reply: Reply,
    { again, standing, filesRefused }: Begun & { readonly filesRefused: boolean },
  ): Promise<void> {
    const { inbox, posting, workspace, maxFileBytes } = this.#options;
    const { id, scope, channel, actor } = received;
    const language = await languageSpoken(received, this.#options);
    const words = languages[language];
    const isPersonal = reply.isPersonal === true && address.kind === 'message' && !isDirect(scope);
    // What takes the place of a message has no other place for more of it.
    const isOneMessage = address.kind === 'interaction' && address.deferred === 'update';
    const context = {
      words,
      scope,
      workspace,
      filesRefused,
      get maxFileBytes() {
        return maxFileBytes(isPersonal ? null : received);
      },
      ...(isOneMessage && { maxMessages: 1 }),
    };
    const isLate = posting.isOver(address);
    if (isLate && !canBeLate(address, reply)) return;
    const shown = isLate ? `${words.delivery.late(`<@${actor.id}>`)}\n${reply.text}` : reply.text;
    const messages = await renderReply({ ...reply, text: shown }, context);
    const steps = { taken: () => inbox.stepsTaken(id), take: () => inbox.takeStep(id) };
    const { ok, isPrivate } = reply;
    const delivery = { id, channel, messages, ok, isPrivate, again, standing, steps };
    if (address.kind === 'interaction' || !isPersonal) return posting.post(address, delivery);
    const notices = {
      sent: words.delivery.sentDirectly,
      refused: words.delivery.cannotSendDirectly(this.#slashName(reply, language)),
    };
    await posting.postDirectly(address, delivery, { member: actor.id, notices });
  }

  #slashName({ command }: Reply, language: Language): string {
    const known = this.#options.bot.commands.find(({ name }) => name === command);
    return known?.localisedName[language] ?? command;
  }
}

/** What everybody would have seen as a message of its own. */
function canBeLate(address: Address, reply: Reply): boolean {
  return (
    address.kind === 'interaction' && address.deferred === 'reply' && !address.isPrivate && !reply.isPrivate
  );
}

function areTooLarge(error: unknown): boolean {
  return (
    isError(error, RESTJSONErrorCodes.RequestEntityTooLarge) ||
    (error instanceof DiscordAPIError && error.status === 413)
  );
}

/** Discord has understood the request and refuses it, as where the channel is gone or may not be written in. */
function isFinal(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status < 500 && error.status !== 429;
}

function factsOf(error: unknown) {
  if (error instanceof DiscordAPIError) return { status: error.status, code: error.code };
  return { reason: error instanceof Error ? error.name : 'unknown' };
}
