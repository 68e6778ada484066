import { join } from 'node:path';
import { type GatewayState, runDiscord } from './adapters/discord/surface.ts';
import { createLog, type LogOutput } from './adapters/log/pino-log.ts';
import { Metrics } from './adapters/metrics/metrics.ts';
import { type Health, serveMetrics } from './adapters/metrics/metrics-server.ts';
import { observedBot } from './adapters/metrics/observed-bot.ts';
import type { Settings } from './bot/adapters.ts';
import { AwaitedBot } from './bot/awaited-bot.ts';
import type { Configuration } from './configuration.ts';
import type { Facts } from './domain/ports.ts';
import { Refusal } from './domain/refusal.ts';
import type { TellUpgrade } from './opening.ts';
import { type OpenBot, withBot, workspaceOf } from './opening-bot.ts';
import { openSound, type Sound } from './sound.ts';

export interface ServingOptions {
  readonly configuration: Configuration;
  readonly instructions: Settings['instructions'];
  readonly token: string;
  readonly logOutput: LogOutput;
  readonly stop: AbortSignal;
}

/** Read models that are further behind than this, in seconds, are not well. */
const MAX_LAG = 60;
/** In the words of discord.js. */
const READY = 'Ready';

/** Runs the bot on Discord, with its log and what operators can ask of it, until it is told to stop. */
export async function serveDiscord(options: ServingOptions): Promise<void> {
  const { configuration, token, logOutput: output } = options;
  const secrets = [token, passwordIn(configuration.ledgerUrl), ...configuration.trainers.secrets];
  const log = createLog({ level: configuration.logLevel, output, secrets });
  const sound = openSound(configuration);
  try {
    await serve(options, log, sound);
  } finally {
    await sound?.close();
  }
}

async function serve(
  { configuration, instructions, token, stop }: ServingOptions,
  log: ReturnType<typeof createLog>,
  sound: Sound | null,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const discord = new OnDiscord({ configuration, token, signal, log, sound });
  const told = {
    reportFault: (fault: unknown, facts?: Facts) => log.error('fault', fault, facts),
    log,
    tellUpgrade: (upgrade: Parameters<TellUpgrade>[0]) => log.info('ledger upgraded', { ...upgrade }),
    tellAway: (sentence: string) => {
      log.warn(sentence);
      // People are told too. What keeps the bot from Discord is told in the end.
      const left = () => over.abort();
      discord.enter().then(left, left);
    },
  };
  const soundDecoder = sound?.decoder ?? null;
  try {
    await withBot({ configuration, instructions, stop: signal, soundDecoder, ...told }, async (opened) => {
      const watched = new Watched(opened, discord);
      const server = await watched.serve(configuration, log);
      discord.bot.arrive(observedBot(opened.bot, { log, metrics: watched.metrics, now: Date.now }));
      try {
        await discord.enter();
      } finally {
        await server?.close();
      }
    });
  } finally {
    over.abort();
    await discord.ended;
  }
}

interface Connecting extends Pick<ServingOptions, 'configuration' | 'token'> {
  readonly signal: AbortSignal;
  readonly log: ReturnType<typeof createLog>;
  readonly sound: Sound | null;
}

/** The connection to Discord. Where the bot has to be waited for, it is there before. */
class OnDiscord {
  readonly bot: AwaitedBot;
  readonly #options: Connecting;
  #gateway: GatewayState | null = null;
  #ended: Promise<void> | null = null;

  constructor(options: Connecting) {
    const { commandPrefix: prefix, locale: language } = options.configuration;
    this.#options = options;
    this.bot = new AwaitedBot({ prefix, language, hasVoice: options.sound !== null });
  }

  /** Null before it is connected. */
  get gateway(): GatewayState | null {
    return this.#gateway;
  }

  /** Null where it was never entered. */
  get ended(): Promise<void> | null {
    return this.#ended;
  }

  /** Once, however often it is called. Resolves when the signal has fired. */
  enter(): Promise<void> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  #run(): Promise<void> {
    const { configuration, token, signal, log, sound } = this.#options;
    const { dataDir, discordApiUrl, discordCdnUrl, discordChannels, locale } = configuration;
    return runDiscord({
      bot: this.bot,
      isReady: this.bot.arrival,
      workspace: workspaceOf(configuration),
      token,
      servers: { api: discordApiUrl, cdn: discordCdnUrl },
      channels: discordChannels,
      language: locale,
      voice: sound && { voice: sound.voice, idleMinutes: configuration.voiceIdleMinutes },
      inboxFile: join(dataDir, 'discord.sqlite'),
      log,
      watch: (gateway) => {
        this.#gateway = gateway;
      },
      now: Date.now,
      signal,
    });
  }
}

function passwordIn(url = ''): string {
  return /:\/\/[^:@/]*:([^@]*)@/.exec(url)?.[1] ?? '';
}

/** What operators can ask of a bot that runs. */
class Watched {
  readonly metrics: Metrics;
  readonly #opened: OpenBot;
  readonly #discord: OnDiscord;

  constructor(opened: OpenBot, discord: OnDiscord) {
    this.#opened = opened;
    this.#discord = discord;
    this.metrics = new Metrics({
      gatewayIsReady: () => discord.gateway?.status() === READY,
      gatewayPing: () => discord.gateway?.ping() ?? null,
      ledgerPosition: () => opened.ledger.head(),
      readModels: () => opened.readModels.head(),
      now: Date.now,
    });
  }

  async serve({ metricsPort: port, metricsHost: host }: Configuration, log: ReturnType<typeof createLog>) {
    if (port === undefined) return null;
    const health = () => this.#health();
    const { metrics } = this;
    const server = await serveMetrics({ host, port, metrics, health, log }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Refusal(
        `/metrics cannot be served on port ${port} of ${host} (${reason}); choose another METRICS_PORT or METRICS_HOST.`,
      );
    });
    log.info('serving /healthz and /metrics', { host, port });
    return server;
  }

  async #health(): Promise<Health> {
    const gateway = this.#discord.gateway?.status() ?? 'Connecting';
    const lag = await this.metrics.lagSeconds();
    const { ordinal } = this.#opened.readModels.head();
    return {
      ok: gateway === READY && lag < MAX_LAG,
      parts: { gateway, events: String(ordinal), lagSeconds: lag.toFixed(1) },
    };
  }
}
