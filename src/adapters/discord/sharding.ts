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
const READY_MS = 60_000;

/**
 * Runs the program once for each shard, by discord.js's ShardingManager, and again where one ends, until the signal
 * fires.
 * @throws Refusal where Discord cannot be asked, or the first start of a shard fails
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
  const shards = new Map<number, RunningShard>();
  manager.on('shardCreate', (shard) =>
    shards.set(shard.id, new RunningShard(shard, { log, signal, timing })),
  );
  log.info('starting shards', { count });
  try {
    await Promise.race([
      manager.spawn({ delay: timing.betweenShardsMs, timeout: READY_MS }),
      aborted(signal),
    ]);
    if (!signal.aborted) log.info('all shards are ready', { count });
    for (const shard of shards.values()) shard.keepAlive();
    await aborted(signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(`Not every shard could be started (${reason}); the lines above say why.`);
  } finally {
    await Promise.all([...shards.values()].map((shard) => shard.leave()));
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

type ShardNeeds = Pick<ShardingOptions, 'log' | 'signal'> & { readonly timing: ShardTiming };

/** A shard that is started again whenever it ends, after a pause. */
class RunningShard {
  readonly #shard: Shard;
  readonly #needs: ShardNeeds;
  #pauseMs: number;
  #startedAt = performance.now();
  #isKept = false;

  constructor(shard: Shard, needs: ShardNeeds) {
    this.#shard = shard;
    this.#needs = needs;
    this.#pauseMs = needs.timing.firstPauseMs;
    shard.on(ShardEvents.Death, () => this.#died());
    shard.on(ShardEvents.Error, (error) => needs.log.error('shard', error, { shard: shard.id }));
  }

  /** From the first start on that went well. */
  keepAlive(): void {
    this.#isKept = true;
    if (this.#shard.process === null) this.#died();
  }

  /** Tells it to end, and waits until it has. */
  async leave(): Promise<void> {
    const { process: child } = this.#shard;
    if (child === null || child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  #died(): void {
    const { log, signal } = this.#needs;
    if (!this.#isKept || signal.aborted) return;
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
      await this.#shard.spawn(-1);
    } catch (error) {
      log.error('a shard could not be started again', error, { shard: this.#shard.id });
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
