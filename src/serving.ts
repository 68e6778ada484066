import { join } from 'node:path';
import { type GatewayState, runDiscord } from './adapters/discord/surface.ts';
import { createLog } from './adapters/log/pino-log.ts';
import { Metrics } from './adapters/metrics/metrics.ts';
import { type Health, serveMetrics } from './adapters/metrics/metrics-server.ts';
import { observedBot } from './adapters/metrics/observed-bot.ts';
import type { Settings } from './bot/adapters.ts';
import type { Configuration } from './configuration.ts';
import type { Facts } from './domain/ports.ts';
import { Refusal } from './domain/refusal.ts';
import { type OpenBot, type TellUpgrade, withBot } from './opening.ts';
import { openSound, type Sound } from './sound.ts';

export interface ServingOptions {
  readonly configuration: Configuration;
  readonly instructions: Settings['instructions'];
  readonly token: string;
  readonly stop: AbortSignal;
}

/** Read models that are further behind than this, in seconds, are not well. */
const MAX_LAG = 60;
/** In the words of discord.js. */
const READY = 'Ready';

/** Runs the bot on Discord, with its log and what operators can ask of it, until it is told to stop. */
export async function serveDiscord(options: ServingOptions): Promise<void> {
  const { configuration, token } = options;
  const secrets = [token, passwordIn(configuration.ledgerUrl), ...configuration.trainers.secrets];
  const log = createLog({ level: configuration.logLevel, secrets });
  const sound = openSound(configuration);
  try {
    await serve(options, log, sound);
  } finally {
    await sound?.close();
  }
}

function serve(
  { configuration, instructions, token, stop }: ServingOptions,
  log: ReturnType<typeof createLog>,
  sound: Sound | null,
): Promise<void> {
  const { dataDir, discordApiUrl, discordCdnUrl, discordChannels, locale } = configuration;
  const reportFault = (fault: unknown, facts?: Facts) => log.error('fault', fault, facts);
  const tellUpgrade: TellUpgrade = (upgrade) => log.info('ledger upgraded', { ...upgrade });
  const tellAway = (sentence: string) => log.warn(sentence);
  const soundDecoder = sound?.decoder ?? null;
  const voice = sound && { voice: sound.voice, idleMinutes: configuration.voiceIdleMinutes };
  const told = { reportFault, log, tellUpgrade, tellAway };
  const botOptions = { configuration, instructions, stop, soundDecoder, ...told };
  return withBot(botOptions, async (opened) => {
    const watched = new Watched(opened);
    const server = await watched.serve(configuration, log);
    try {
      await runDiscord({
        bot: observedBot(opened.bot, { log, metrics: watched.metrics, now: Date.now }),
        workspace: opened.workspace,
        token,
        servers: { api: discordApiUrl, cdn: discordCdnUrl },
        channels: discordChannels,
        language: locale,
        voice,
        inboxFile: join(dataDir, 'discord.sqlite'),
        log,
        watch: (gateway) => watched.connect(gateway),
        now: Date.now,
        signal: stop,
      });
    } finally {
      await server?.close();
    }
  });
}

function passwordIn(url = ''): string {
  return /:\/\/[^:@/]*:([^@]*)@/.exec(url)?.[1] ?? '';
}

/** What operators can ask of a bot that runs. */
class Watched {
  readonly metrics: Metrics;
  readonly #opened: OpenBot;
  #gateway: GatewayState | null = null;

  constructor(opened: OpenBot) {
    this.#opened = opened;
    this.metrics = new Metrics({
      gatewayIsReady: () => this.#gateway?.status() === READY,
      gatewayPing: () => this.#gateway?.ping() ?? null,
      ledgerPosition: () => opened.ledger.head(),
      readModels: () => opened.readModels.head(),
      now: Date.now,
    });
  }

  connect(gateway: GatewayState): void {
    this.#gateway = gateway;
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
    const gateway = this.#gateway?.status() ?? 'Connecting';
    const lag = await this.metrics.lagSeconds();
    const { ordinal } = this.#opened.readModels.head();
    return {
      ok: gateway === READY && lag < MAX_LAG,
      parts: { gateway, events: String(ordinal), lagSeconds: lag.toFixed(1) },
    };
  }
}
