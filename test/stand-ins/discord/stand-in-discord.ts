import {
  type GatewayIntentBits,
  GuildPremiumTier,
  Locale,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { Cdn } from './cdn.ts';
import { StandInClock } from './clock.ts';
import { CommandRegistry } from './commands/registry.ts';
import { Gateway } from './gateway/gateway.ts';
import { privilegedIntents } from './gateway/intents.ts';
import { InteractionDesk } from './interactions/desk.ts';
import { InteractionOpener } from './interactions/opener.ts';
import { MessageBoard } from './messages/board.ts';
import { BotMessages } from './messages/from-body.ts';
import { Contract } from './rest/contract.ts';
import { BotAccess } from './rest/routes/access.ts';
import { accountRoutes } from './rest/routes/account.ts';
import { commandRoutes } from './rest/routes/commands.ts';
import { guildRoutes } from './rest/routes/guilds.ts';
import { interactionRoutes } from './rest/routes/interactions.ts';
import { messageRoutes } from './rest/routes/messages.ts';
import { reactionRoutes } from './rest/routes/reactions.ts';
import { RestServer } from './rest/server.ts';
import { type GuildRecord, newRole } from './state/guilds.ts';
import { World } from './state/world.ts';
import { Guild } from './view/guild.ts';
import type { Parts } from './view/parts.ts';
import { VoiceCalls } from './voice/voice-calls.ts';

export interface StandInOptions {
  /** What the bot has to log in with. */
  readonly token?: string;
  /** Those of the privileged intents that are switched on for the bot; all unless said otherwise. */
  readonly privilegedIntents?: readonly GatewayIntentBits[];
  /** How often the bot is told to send heartbeats. */
  readonly heartbeatMs?: number;
  readonly clock?: StandInClock;
  /** Whether there are voice servers. */
  readonly voice?: boolean;
  /** How often the bot is told to send heartbeats in a call. */
  readonly voiceHeartbeatMs?: number;
}

interface NewGuild {
  readonly locale?: Locale;
  /** What the bot's own role permits. */
  readonly botPermissions?: bigint;
  /** Whether the bot is in it from the beginning. */
  readonly withBot?: boolean;
}

const EVERYBODY =
  May.ViewChannel |
  May.SendMessages |
  May.ReadMessageHistory |
  May.AddReactions |
  May.AttachFiles |
  May.EmbedLinks |
  May.UseApplicationCommands |
  May.Connect |
  May.Speak;

const A_MONTH_MS = 30 * 24 * 60 * 60_000;
const RECENT = 8;

/**
 * Discord on the loopback interface, as far as a bot can tell: REST and gateway v10 and a CDN, with its rules,
 * limits and errors. A test sets up guilds, does what people do, and waits for what the bot does about it.
 *
 * @example
 * const discord = await StandInDiscord.start();
 * const guild = discord.createGuild('Trainers');
 * const ann = guild.addMember('Ann');
 * // start the bot with discord.apiUrl, discord.cdnUrl and discord.token
 * const reply = await ann.uses('ask', { question: 'Why?' }).reply();
 * const modal = await ann.presses(reply.button('✏️')).modal();
 * await ann.submits(modal, { Answer: 'Because.' }).reply();
 * discord.assertContract();
 * await discord.stop();
 */
export class StandInDiscord implements AsyncDisposable {
  readonly clock: StandInClock;
  readonly gateway: Gateway;
  readonly rest: RestServer;
  readonly cdn: Cdn;
  readonly calls: VoiceCalls;
  readonly #world: World;
  readonly #parts: Parts;

  static async start(options: StandInOptions = {}): Promise<StandInDiscord> {
    const standIn = new StandInDiscord(options);
    await Promise.all([standIn.gateway.start(), standIn.rest.start(), standIn.cdn.start()]);
    if (options.voice === true) await standIn.calls.start();
    return standIn;
  }

  private constructor({
    token = 'a-token-of.the-stand.in',
    privilegedIntents: switchedOn = privilegedIntents,
    heartbeatMs = 45_000,
    clock = new StandInClock(),
    voiceHeartbeatMs = 13_750,
  }: StandInOptions) {
    const context = () => this.#lately();
    const world = new World(clock, { token, privilegedIntents: switchedOn }, context);
    const cdn = new Cdn(clock);
    const gateway = new Gateway(world, { heartbeatMs });
    const calls = new VoiceCalls(world, gateway, { heartbeatMs: voiceHeartbeatMs });
    const board = new MessageBoard(world, gateway);
    const botMessages = new BotMessages(world, cdn);
    const registry = new CommandRegistry(world);
    const desk = new InteractionDesk(world, gateway, board, botMessages);
    const access = new BotAccess(world);
    this.clock = clock;
    this.cdn = cdn;
    this.gateway = gateway;
    this.calls = calls;
    this.rest = new RestServer({
      routes: [
        ...accountRoutes(world, () => gateway.url),
        ...commandRoutes(world, registry),
        ...guildRoutes(world),
        ...messageRoutes(world, access, board, botMessages),
        ...reactionRoutes(world, access, board),
        ...interactionRoutes(world, desk),
      ],
      isToken: (candidate) => candidate === world.bot.token,
      context,
    });
    const opener = new InteractionOpener(world, cdn, registry, desk);
    this.#world = world;
    this.#parts = { world, gateway, calls, cdn, board, registry, opener };
  }

  async stop(): Promise<void> {
    await Promise.all([this.gateway.stop(), this.rest.stop(), this.cdn.stop(), this.calls.stop()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** For the client's `rest.api`. */
  get apiUrl(): string {
    return this.rest.url;
  }

  get cdnUrl(): string {
    return this.cdn.url;
  }

  /** How the program is told to use it. */
  get environment(): Readonly<Record<'DISCORD_TOKEN' | 'DISCORD_API_URL' | 'DISCORD_CDN_URL', string>> {
    return { DISCORD_TOKEN: this.token, DISCORD_API_URL: this.apiUrl, DISCORD_CDN_URL: this.cdnUrl };
  }

  /** The one to log in with; a test may change it, as the owner of a bot can. */
  get token(): string {
    return this.#world.bot.token;
  }

  set token(token: string) {
    this.#world.bot.token = token;
  }

  get applicationId(): string {
    return this.#world.bot.applicationId;
  }

  /** How people address the bot in a text. */
  get botMention(): string {
    return `<@${this.#world.bot.user.api.id}>`;
  }

  /** Tells the bot in how many connections it should divide its guilds. */
  recommendShards(count: number): void {
    this.#world.recommendedShards = count;
  }

  createGuild(
    name: string,
    { locale = Locale.EnglishUS, botPermissions = EVERYBODY, withBot = true }: NewGuild = {},
  ): Guild {
    const id = this.#world.ids.next();
    const everyone = newRole(id, { name: '@everyone', permissions: EVERYBODY, position: 0 });
    const record: GuildRecord = {
      id,
      name,
      locale,
      owner: id,
      systemChannel: null,
      premiumTier: GuildPremiumTier.None,
      roles: new Map([[id, everyone]]),
      members: new Map(),
      voiceStates: new Map(),
    };
    this.#world.guilds.set(id, record);
    const guild = new Guild(this.#parts, record, { botPermissions });
    if (withBot) guild.admitBot({ ago: A_MONTH_MS });
    return guild;
  }

  /** Requests, gateway connections and the like that the real Discord would not know, or that this one does not. */
  get unexpected(): readonly string[] {
    return [...this.rest.unexpected, ...this.gateway.unexpected, ...this.calls.unexpected];
  }

  /**
   * Holds everything that the bot sent and that it was answered against Discord's own API description.
   * Without that description it says so, once, and looks only for what was unexpected.
   * @throws Error with a line for each thing that is wrong
   */
  assertContract(): void {
    const contract = Contract.load();
    if (contract === null) sayOnce(Contract.absence);
    const failures =
      contract === null ? [] : this.rest.exchanges.all.flatMap((one) => contract.failuresOf(one));
    const wrong = [...new Set([...this.unexpected, ...failures])];
    if (wrong.length > 0) throw new Error(`Not as Discord has it:\n${wrong.join('\n')}`);
  }

  #lately(): string {
    const requests = this.rest.exchanges.all
      .slice(-RECENT)
      .map(
        ({ route, status, answer }) =>
          `  ${route} → ${status} ${status >= 400 ? JSON.stringify(answer) : ''}`,
      );
    return [
      requests.length === 0
        ? 'The bot has requested nothing.'
        : `The bot's last requests:\n${requests.join('\n')}`,
      ...this.unexpected,
    ].join('\n');
  }
}

const said = new Set<string>();

function sayOnce(text: string): void {
  if (!said.has(text)) console.warn(text);
  said.add(text);
}
