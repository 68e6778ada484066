import { type Client, Events, type GuildMember, type Message, Status } from 'discord.js';
import { type Language, languages } from '../../domain/languages/languages.ts';
import type { Log, Workspace } from '../../domain/ports.ts';
import type { Bot } from '../../domain/surface.ts';
import { type Addressing, inputFor, isByPerson } from './addressing.ts';
import { Answering } from './answering.ts';
import { type AttachmentLimits, attachedFiles } from './attachments.ts';
import { createClient, type Servers } from './client.ts';
import { greetNewGuilds } from './greeting.ts';
import { type Address, Inbox } from './inbox.ts';
import { type Received, receivedFromMessage, scopeOf } from './incoming.ts';
import { handleInteractions } from './interactions/handle-interactions.ts';
import { registerCommands } from './interactions/registration.ts';
import { KnownGuilds } from './known-guilds.ts';
import { languageSpoken } from './language-spoken.ts';
import { closedFor, logIn } from './login.ts';
import { type Missed, missedMessages } from './missed-messages.ts';
import { Posting } from './posting.ts';
import { presenceOf } from './presence.ts';
import { type RateLimitOptions, RateLimits, typingRateLimits } from './rate-limits.ts';
import { readableChannels } from './readable-channels.ts';
import { stopListening } from './stop-listening.ts';
import { Talking, type VoiceOptions } from './talking.ts';
import type { JobMessageTiming } from './training/job-message.ts';
import { JobMessageStore } from './training/job-message-store.ts';
import { JobMessages } from './training/job-messages.ts';
import { Typing } from './typing.ts';
import { maxFileBytes } from './upload-limit.ts';

/** How long running answers have to end when the program is to stop. */
const GRACE_MS = 5_000;
const MINUTE_MS = 60_000;
const SLASH = '/';

export interface DiscordOptions {
  readonly bot: Bot;
  readonly workspace: Workspace;
  readonly token: string;
  readonly servers: Servers;
  /** Channels where every message is for the bot, by id. */
  readonly channels: readonly string[];
  /** Where neither the person nor the place has one. */
  readonly language: Language;
  /** Null where voice is switched off. */
  readonly voice: VoiceOptions | null;
  /** The file of the inbox. */
  readonly inboxFile: string;
  readonly log: Log;
  /** Usual ones where they are left out. */
  readonly attachmentLimits?: AttachmentLimits;
  readonly rateLimits?: RateLimitOptions;
  readonly typingLimits?: RateLimitOptions;
  readonly jobMessageTiming?: JobMessageTiming;
  /** Resolves when what was left unanswered can be taken up; at once where it is left out. */
  readonly isReady?: Promise<unknown>;
  /** Given once there is a connection, for whoever watches over it. */
  readonly watch: (gateway: GatewayState) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From one edit of an answer that grows to the next; about a second where it is left out. */
  readonly betweenEditsMs?: number;
  /** How long running answers have then; 5 s where it is left out. */
  readonly graceMs?: number;
  /** Fires to leave: nothing new is begun, and what runs is given a moment. */
  readonly signal: AbortSignal;
}

/** The connection as it is at the moment of the asking. */
export interface GatewayState {
  /** In the words of discord.js: `Ready` where all is well. */
  status(): string;
  /** Round trip of the last heartbeat in ms; null before the first, and where there is no connection. */
  ping(): number | null;
}

/**
 * Serves people on Discord until the signal fires.
 * @throws Refusal where Discord does not let the bot in, or no longer
 */
export async function runDiscord(options: DiscordOptions): Promise<void> {
  const { bot, language, token, servers, log, now, signal, inboxFile } = options;
  const inbox = new Inbox(inboxFile);
  const jobStore = new JobMessageStore(inboxFile);
  const known = new KnownGuilds(inboxFile);
  const over = new AbortController();
  const jobs = new JobMessages({
    bot,
    store: jobStore,
    language,
    log,
    now,
    signal: AbortSignal.any([signal, over.signal]),
    ...(options.jobMessageTiming !== undefined && { timing: options.jobMessageTiming }),
  });
  try {
    const open = ({ readsContent }: { readonly readsContent: boolean }) => {
      const presence = presenceOf(readsContent ? bot.prefix : null, language);
      const client = createClient(servers, { readsContent, presence });
      return new Session(client, { inbox, known, readsContent }, options);
    };
    const entered = await logIn({ token, api: servers.api, signal, open });
    if (entered === null) return;
    const { opened: session, client, readsContent } = entered;
    log.info('connected to Discord', { bot: client.user.id, guilds: client.guilds.cache.size, readsContent });
    options.watch({
      status: () => Status[client.ws.status],
      ping: () => (client.ws.status === Status.Ready && client.ws.ping >= 0 ? client.ws.ping : null),
    });
    if (!readsContent) {
      log.warn(
        'Discord does not grant the Message Content intent, so of what is written in channels the bot reads only what mentions it; direct messages, replies that ping it, and everything from menus and buttons work as ever.',
      );
    }
    void Promise.resolve(options.isReady).then(() => {
      if (!signal.aborted && !over.signal.aborted) jobs.start(client);
    });
    await session.untilOver();
  } finally {
    over.abort();
    await jobs.finished();
    known.end();
    jobStore.end();
    inbox.close();
  }
}

/** What outlives a client. */
interface Kept {
  readonly inbox: Inbox;
  readonly known: KnownGuilds;
}

/** One client and everything that listens to it. */
class Session {
  readonly client: Client;
  readonly #options: DiscordOptions;
  readonly #inbox: Inbox;
  readonly #posting: Posting;
  readonly #answering: Answering;
  readonly #rateLimits: RateLimits;
  /** Messages of which it is not yet known whether they are for the bot. */
  readonly #hearing = new Set<string>();
  #talking: Talking | null = null;
  #caughtUp: Promise<void> = Promise.resolve();
  /** Whether what was missed before this session has been looked at to its end. */
  #hasCaughtUp = false;

  constructor(
    client: Client,
    { inbox, known, readsContent }: Kept & { readonly readsContent: boolean },
    options: DiscordOptions,
  ) {
    const { bot, workspace, language, log, now, signal, servers, attachmentLimits: limits } = options;
    const { rest } = client;
    this.client = client;
    this.#options = options;
    this.#inbox = inbox;
    this.#rateLimits = new RateLimits(options.rateLimits);
    this.#posting = new Posting({ rest, bot: () => ownId(client), now });
    this.#answering = new Answering({
      bot,
      inbox,
      posting: this.#posting,
      typing: new Typing(rest),
      workspace,
      openFiles: (attached) =>
        attachedFiles(attached, { cdnUrl: servers.cdn, signal, ...(limits !== undefined && { limits }) }),
      maxFileBytes: (received) => maxFileBytes(client, received),
      // What the bot cannot read in channels it can read in direct messages.
      prefixFor: ({ scope, channel }) => (readsContent || scope === scopeOf(null, channel) ? null : SLASH),
      mayRead: (received) => readableChannels(client, received),
      talking: () => this.#talking,
      language,
      log,
      now,
      ...(options.betweenEditsMs !== undefined && { betweenEditsMs: options.betweenEditsMs }),
      stop: signal,
    });
    inbox.holdMarks();
    this.#listen();
    handleInteractions(client, {
      bot,
      answering: this.#answering,
      log,
      language,
      now,
      rateLimits: this.#rateLimits,
      typingLimits: new RateLimits(options.typingLimits ?? typingRateLimits),
    });
    greetNewGuilds(client, { bot, known, language, log, now });
  }

  /** @throws Refusal where Discord ends the session for good */
  async untilOver(): Promise<void> {
    const { signal } = this.#options;
    const over = Promise.withResolvers<void>();
    this.client.once(Events.ShardDisconnect, ({ code }) => over.reject(closedFor(code)));
    signal.addEventListener('abort', () => over.resolve(), { once: true });
    if (signal.aborted) over.resolve();
    try {
      await over.promise;
    } finally {
      await this.#answering.finished(this.#options.graceMs ?? GRACE_MS);
      await this.#talking?.close();
      stopListening(this.client);
      await this.client.destroy();
    }
  }

  #listen(): void {
    const { client } = this;
    const { log } = this.#options;
    client.on(Events.Error, (error) => log.error('discord.js', error));
    client.on(Events.MessageCreate, (message) => void this.#whole(this.#hear(message)));
    client.once(Events.ClientReady, (readyClient) => {
      // Before that, whatever is wrong ends in a sentence of its own.
      client.on(Events.ShardError, ({ message }) =>
        log.warn('the gateway is disturbed', { reason: message }),
      );
      client.on(Events.ShardReconnecting, () => {
        this.#inbox.holdMarks();
        // It also says so when it leaves.
        if (!this.#options.signal.aborted) log.info('connecting to Discord again');
      });
      client.on(Events.ShardResume, (_, replayed) => {
        // What was missed has been told before that.
        void this.#caughtUp.then(() => {
          if (this.#hasCaughtUp) this.#inbox.releaseMarks();
        });
        log.info('resumed', { replayed });
      });
      this.#talking = this.#openVoice(readyClient);
      void this.#whole(this.#takeUp());
      void this.#whole(registerCommands(readyClient, this.#options));
    });
    // Also after a session that could not be resumed: what was written meanwhile is told by nobody.
    client.on(Events.ShardReady, () => {
      this.#caughtUp = this.#caughtUp.then(() => this.#whole(this.#catchUp()));
    });
  }

  #openVoice(client: Client<true>): Talking | null {
    const { voice, signal: stop } = this.#options;
    const shared = { client, posting: this.#posting, rateLimits: this.#rateLimits, stop };
    return voice === null ? null : new Talking({ ...this.#options, ...voice, ...shared });
  }

  async #takeUp(): Promise<void> {
    const { isReady, signal } = this.#options;
    await isReady;
    if (!signal.aborted) this.#answering.takeUp();
  }

  async #catchUp(): Promise<void> {
    const { client } = this;
    const { log, now, signal, isReady } = this.#options;
    this.#hasCaughtUp = false;
    await isReady;
    if (signal.aborted) return;
    // The shard is ready a moment before the client is.
    if (!client.isReady()) await new Promise((resolve) => client.once(Events.ClientReady, resolve));
    if (!client.isReady()) return;
    for await (const missed of missedMessages(client, { inbox: this.#inbox, now: now(), log })) {
      if (signal.aborted) return;
      await this.#hear(missed.message, missed);
    }
    this.#hasCaughtUp = true;
    this.#inbox.releaseMarks();
  }

  /** Resolves when it is recorded, where it is for the bot. */
  async #hear(message: Message, missed: Missed | null = null): Promise<void> {
    if (!isByPerson(message)) return;
    // What the gateway tells again at once counts once.
    const { id } = message;
    if (this.#hearing.has(id)) return;
    this.#hearing.add(id);
    try {
      await this.#take(message, missed);
    } finally {
      this.#hearing.delete(id);
    }
  }

  async #take(message: Message, missed: Missed | null): Promise<void> {
    const input = await inputFor(message, this.#addressing(message));
    // What is told or found again later counts once, too; what was refused stays so.
    if (input === null || this.#answering.knows(message.id)) return;
    const member = await memberOf(message);
    const received = receivedFromMessage(message, member, input);
    const address = { kind: 'message', channel: message.channelId, message: message.id } as const;
    if (!(await this.#isInTime(received, address, missed))) return;
    if (missed?.hasReply) void this.#answering.answerAgain(received, address);
    else void this.#answering.answer(received, address);
  }

  /** Whether it is not too often; else it is never carried out. */
  async #isInTime(received: Received, address: Address, missed: Missed | null): Promise<boolean> {
    // What was missed counts for the minute in which it was written, and not for the one in which it is found.
    const window = missed === null ? '' : ` ${Math.floor(missed.message.createdTimestamp / MINUTE_MS)}`;
    const pace = await this.#rateLimits.take(received.scope + window, received.actor.id + window);
    if (pace === 'go') return true;
    this.#answering.refuse(received);
    if (pace === 'tell' && missed?.hasReply !== true)
      await this.#whole(this.#tellTooOften(received, address));
    return false;
  }

  async #tellTooOften(received: Received, address: Address): Promise<void> {
    const { interactions } = languages[await languageSpoken(received, this.#options)];
    const message = { content: interactions.tooOften, files: [], components: [] };
    const steps = { taken: () => 0, take: () => undefined };
    await this.#posting.post(address, {
      id: received.id,
      channel: received.channel,
      messages: [message],
      ok: false,
      isPrivate: true,
      again: false,
      standing: null,
      steps,
    });
  }

  #addressing({ guild, guildId, channelId }: Message): Addressing {
    const { bot, channels } = this.#options;
    const scope = scopeOf(guildId, channelId);
    return {
      self: {
        user: ownId(this.client),
        role: guild?.members.me?.roles.botRole?.id ?? null,
        prefix: bot.prefix,
      },
      channels: new Set(channels),
      answerChannels: async () => (await bot.settingsOf(scope)).answerChannels,
      isNearlyCommand: (name) => bot.isNearlyCommand(name),
    };
  }

  /** Whatever goes wrong with one event is not to end the process. */
  #whole(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => this.#options.log.error('discord', error));
  }
}

function ownId({ user }: Client): string {
  if (user === null) throw new Error('the client is not logged in');
  return user.id;
}

/** Messages that were fetched say nothing of their author's roles. */
async function memberOf({ guild, member, author }: Message): Promise<GuildMember | null> {
  if (guild === null) return null;
  // Who has left in the meantime has no rights there.
  return member ?? guild.members.fetch(author.id).catch(() => null);
}
