import { join } from 'node:path';
import { z } from 'zod';
import { createLog, type LogOutput } from './adapters/log/pino-log.ts';
import type { Configuration } from './configuration.ts';
import { UsageError } from './usage-error.ts';

const ShardEnvironment = z.object({
  SHARDING_MANAGER: z.string(),
  SHARDS: z.string().regex(/^\d+$/).transform(Number),
});

/** The shard that discord.js's ShardingManager has started this process for; null where it was started otherwise. */
export function ownShard(environment: NodeJS.ProcessEnv): number | null {
  return ShardEnvironment.safeParse(environment).data?.SHARDS ?? null;
}

/** Each shard has read models and an inbox of its own; datasets, models and files belong to all. */
export function configurationOfShard(configuration: Configuration, shard: number): Configuration {
  const { dataDir, sharedDir = dataDir, metricsPort } = configuration;
  return {
    ...configuration,
    dataDir: join(dataDir, 'shards', String(shard)),
    sharedDir,
    metricsPort: metricsPort === undefined ? undefined : metricsPort + shard,
  };
}

/** @throws UsageError where the ledger is a file, which one process has for itself */
export async function superviseShards(
  configuration: Configuration,
  token: string,
  { logOutput: output, stop: signal }: { readonly logOutput: LogOutput; readonly stop: AbortSignal },
): Promise<void> {
  const { discordShards: count = 1, discordApiUrl: api, ledgerUrl, logLevel } = configuration;
  if (ledgerUrl === undefined) {
    throw new UsageError(
      'Several shards need a ledger that they can share, and LEDGER_URL is not set; set it, or start without --shards.',
    );
  }
  const { runShards } = await import('./adapters/discord/sharding.ts');
  const [, file = ''] = process.argv;
  const program = { file, args: process.argv.slice(2), execArgv: process.execArgv };
  const log = createLog({ level: logLevel, output, secrets: [token] });
  await runShards({ token, api, count, program, log, signal });
}
