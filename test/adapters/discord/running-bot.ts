import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type DiscordOptions, runDiscord } from '../../../src/adapters/discord/surface.ts';
import { createExampleReader } from '../../../src/adapters/files/example-reader.ts';
import { openVault } from '../../../src/adapters/files/vault.ts';
import { openWorkspace } from '../../../src/adapters/files/workspace.ts';
import { createEmbeddedModel } from '../../../src/adapters/models/embedded/model.ts';
import { createEmbeddedTrainer } from '../../../src/adapters/models/embedded/trainer.ts';
import { createBot } from '../../../src/bot/bot.ts';
import { ownershipTiming } from '../../../src/bot/processes/ownership.ts';
import { loadConfiguration } from '../../../src/configuration.ts';
import { decodeEvent, type Recorded } from '../../../src/domain/events.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import type {
  ChatModel,
  Facts,
  SoundDecoder,
  Trainer,
  Transcriber,
  Workspace,
} from '../../../src/domain/ports.ts';
import type { Bot } from '../../../src/domain/surface.ts';
import { makeDataDirectory } from '../../../src/opening.ts';
import { withReadModels } from '../../../src/opening-bot.ts';
import { Inbox } from '../../stand-ins/discord/inbox.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { StandInDiscord } from '../../stand-ins/discord/stand-in-discord.ts';
import { TextAsSound } from '../../stand-ins/text-as-sound.ts';

export interface BotOnDiscord {
  /** One of the test's own; a new one where it is left out. */
  readonly discord?: StandInDiscord;
  /** Of an earlier bot, to go on with what it left; a new one where it is left out. */
  readonly directory?: string;
  /** The embedded ones where they are left out. */
  readonly chatModel?: ChatModel;
  readonly trainer?: Trainer;
  /** None where it is left out. */
  readonly transcriber?: Transcriber;
  /** One that takes text for sound where it is left out. */
  readonly soundDecoder?: SoundDecoder;
  /** Settings by variable, such as `LOCALE`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What stands between the bot and Discord. */
  readonly wrap?: (bot: Bot) => Bot;
  readonly discordOptions?: Partial<DiscordOptions>;
}

export interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly what: string;
  readonly facts: Facts;
  readonly error?: unknown;
}

export interface RunningBot {
  readonly discord: StandInDiscord;
  readonly directory: string;
  readonly bot: Bot;
  readonly workspace: Workspace;
  /** Everything that was logged, to be waited on. */
  readonly log: Inbox<Line>;
  /** Every event in the ledger, the oldest first. */
  events(): Promise<readonly Recorded[]>;
  /** As SIGTERM does. Resolves when everything is closed. */
  stop(): Promise<void>;
}

const running = new Set<RunningBot>();
const directories: string[] = [];

afterEach(async () => {
  for (const bot of running) await bot.stop();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory that is gone when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'training-ledger-discord-'));
  directories.push(directory);
  return directory;
}

/** The real bot over real files, connected to the stand-in by the real discord.js; stopped when the test is over. */
export async function startBot(options: BotOnDiscord = {}): Promise<RunningBot> {
  const discord = options.discord ?? (await startStandIn());
  const directory = options.directory ?? temporaryDirectory();
  const { values: configuration } = loadConfiguration(
    { ...options.settings, DATA_DIR: directory },
    {},
    directory,
  );
  makeDataDirectory(configuration);
  const log = new Inbox<Line>('a line of the log');
  const leaving = new AbortController();
  const opened = Promise.withResolvers<{ bot: Bot; workspace: Workspace; ledger: Ledger }>();
  const ended = withReadModels(configuration, async ({ ledger, readModels }) => {
    const { commandPrefix, contextTurns, conversationGapMinutes, locale } = configuration;
    const vault = openVault(join(directory, 'vault'));
    const workspace = openWorkspace(directory);
    const created = await createBot(
      {
        ledger,
        readModels,
        clock: { now: () => new Date() },
        vault,
        workspace,
        exampleReader: createExampleReader(),
        providers: [
          {
            trainer: options.trainer ?? createEmbeddedTrainer({ vault }),
            chatModel: options.chatModel ?? createEmbeddedModel({ vault, commandPrefix }),
          },
        ],
        transcriber: options.transcriber ?? null,
        soundDecoder: configuration.voice === 'off' ? null : (options.soundDecoder ?? new TextAsSound()),
        process: { id: 'this-process', isAlone: true, timing: ownershipTiming(60_000) },
        reportFault: (error, facts = {}) => log.add({ level: 'error', what: 'fault', facts, error }),
      },
      {
        prefix: commandPrefix,
        contextTurns,
        conversationGapMinutes,
        instructions: { source: 'built-in' },
        language: locale,
      },
    );
    const bot = options.wrap?.(created) ?? created;
    opened.resolve({ bot, workspace, ledger });
    leaving.signal.addEventListener('abort', () => void bot.close());
    try {
      await runDiscord({
        bot,
        workspace,
        token: discord.token,
        servers: { api: discord.apiUrl, cdn: discord.cdnUrl },
        channels: configuration.discordChannels,
        language: locale,
        voice: null,
        inboxFile: join(directory, 'discord.sqlite'),
        log: {
          info: (what, facts = {}) => log.add({ level: 'info', what, facts }),
          warn: (what, facts = {}) => log.add({ level: 'warn', what, facts }),
          error: (what, error, facts = {}) => log.add({ level: 'error', what, facts, error }),
        },
        watch: () => undefined,
        now: () => Date.now(),
        signal: leaving.signal,
        ...options.discordOptions,
      });
    } finally {
      await bot.close();
    }
  });
  const { bot, workspace, ledger } = await Promise.race([opened.promise, failure(ended)]);
  const one: RunningBot = {
    discord,
    directory,
    bot,
    workspace,
    log,
    events: async () => {
      const all: Recorded[] = [];
      for await (const event of ledger.readAll()) all.push(decodeEvent(event));
      return all;
    },
    stop: async () => {
      running.delete(one);
      leaving.abort();
      await ended;
    },
  };
  running.add(one);
  const connected = log.find(({ what }) => what === 'connected to Discord');
  await Promise.race([connected, failure(ended)]).catch((error: unknown) => {
    running.delete(one);
    throw error;
  });
  return one;
}

async function failure(ended: Promise<void>): Promise<never> {
  await ended;
  throw new Error('The bot ended before it was connected.');
}
