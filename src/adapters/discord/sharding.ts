import { setTimeout as pause } from 'node:timers/promises';
import {
  REST,
  type RESTGetAPIGatewayBotResult,
  Routes,
  type Shard,
  ShardEvents,
  ShardingManager,
} from 'discord.js';
import { z } from 'zod';
import type { Log } from '../../domain/ports.ts';
import { Refusal } from '../../domain/refusal.ts';
import { whyNot } from './login.ts';

/** How many connections share the guilds: as many as Discord recommends, or a number. */
export type ShardCount = 'auto' | number;

export interface ShardingOptions {
  readonly token: string;
  /** Without the version. */
  readonly api: string;
  readonly count: ShardCount;
  /** The program that each shard runs, as this process was started. */
  readonly program: {
    readonly file: string;
    readonly args: readonly string[];
    readonly execArgv: readonly string[];
  };
  readonly log: Log;
  readonly timing?: ShardTiming;
  /** Fires to leave: the shards are told to, and waited for. */
  readonly signal: AbortSignal;
}

/** In ms. */
export interface ShardTiming {
  /** Discord lets one connection in every five seconds. */
  readonly betweenShardsMs: number;
  /** Before a shard that ended is started again; twice as long each time that it ends soon after. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const usualTiming: ShardTiming = { betweenShardsMs: 5_500, firstPauseMs: 1_000, longestPauseMs: 60_000 };
/** A shard that ran for so long did not end because of how it was started. */
const STEADY_MS = 60_000;
const WITHOUT_WAITING = -1;

/**
 * Runs the program once for each shard, by discord.js's ShardingManager, and again where one ends, until the signal
 * fires.
 * @throws Refusal where Discord cannot be asked, or a shard ends by itself before it was ever ready
 */
export async function runShards(options: ShardingOptions): Promise<void> {
  const { token, api, program, log, signal, timing = usualTiming } = options;
  const count = options.count === 'auto' ? await recommendedShards(token, api) : options.count;
  if (signal.aborted) return;
  const manager = new ShardingManager(program.file, {
    totalShards: count,
    token,
    // Its own way of starting a shard again knows no pause.
    respawn: false,
    shardArgs: [...program.args],
    execArgv: [...program.execArgv],
  });
  const failed = Promise.withResolvers<never>();
  const shards: RunningShard[] = [];
  manager.on('shardCreate', (shard) => {
    shards.push(new RunningShard(shard, { log, signal, timing, fail: failed.reject }));
  });
  log.info('starting shards', { count });
  try {
    // Whether one is let in is told by itself: it may have to wait for its ledger.
    const spawned = manager.spawn({ delay: timing.betweenShardsMs, timeout: WITHOUT_WAITING });
    await Promise.race([spawned.then(() => aborted(signal)), aborted(signal), failed.promise]);
  } finally {
    await Promise.all(shards.map((shard) => shard.leave()));
  }
}

const Recommended = z.object({ shards: z.int().positive() }) satisfies z.ZodType<
  Pick<RESTGetAPIGatewayBotResult, 'shards'>
>;

/** discord.js itself asks discord.com only. */
async function recommendedShards(token: string, api: string): Promise<number> {
  const rest = new REST({ api, version: '10' }).setToken(token);
  try {
    return Recommended.parse(await rest.get(Routes.gatewayBot())).shards;
  } catch (error) {
    throw whyNot(error, api);
  }
}

interface ShardNeeds extends Pick<ShardingOptions, 'log' | 'signal'> {
  readonly timing: ShardTiming;
  readonly fail: (reason: Refusal) => void;
}

/** A shard that is started again whenever it ends, after a pause; not where it ends by itself before it was ever ready. */
class RunningShard {
  readonly #shard: Shard;
  readonly #needs: ShardNeeds;
  #wasReady = false;
  #pauseMs: number;
  #startedAt = performance.now();

  constructor(shard: Shard, needs: ShardNeeds) {
    this.#shard = shard;
    this.#needs = needs;
    this.#pauseMs = needs.timing.firstPauseMs;
    shard.on(ShardEvents.Ready, () => {
      this.#wasReady = true;
      needs.log.info('a shard is ready', { shard: shard.id });
    });
    shard.on(ShardEvents.Death, () => this.#died());
    shard.on(ShardEvents.Error, (error) => needs.log.error('shard', error, { shard: shard.id }));
  }

  /** Tells it to end, and waits until it has. */
  async leave(): Promise<void> {
    const { process: child } = this.#shard;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  #died(): void {
    const { log, signal, fail } = this.#needs;
    if (signal.aborted) return;
    const code = this.#shard.process?.exitCode ?? null;
    if (!this.#wasReady && code !== null) {
      const shard = `Shard ${this.#shard.id} ended with ${code} before it was ready`;
      fail(new Refusal(`${shard}; the line above says why.`));
      return;
    }
    log.warn('a shard has ended and is started again', { shard: this.#shard.id, pauseMs: this.#pauseMs });
    void this.#startAgain();
  }

  async #startAgain(): Promise<void> {
    const { log, signal, timing } = this.#needs;
    if (performance.now() - this.#startedAt > STEADY_MS) this.#pauseMs = timing.firstPauseMs;
    const waited = this.#pauseMs;
    this.#pauseMs = Math.min(2 * waited, timing.longestPauseMs);
    await pause(waited, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    this.#startedAt = performance.now();
    try {
      await this.#shard.spawn(WITHOUT_WAITING);
    } catch (error) {
      log.error('a shard could not be started again', error, { shard: this.#shard.id });
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
