import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../src/configuration.ts';
import { configurationOfShard, ownShard } from '../src/shards.ts';
import { temporaryDirectory } from './end-to-end/talk.ts';
import { runHere } from './program.ts';

const TOKEN = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GxYzAb.abcdefghijklmnopqrstuvwxyz0123456789ab';

describe('a process among shards', () => {
  it('knows from discord.js which shard it is, and that it is none where an operator has divided the guilds', () => {
    expect(ownShard({ SHARDING_MANAGER: 'true', SHARDS: '3', SHARD_COUNT: '4' })).toBe(3);
    expect(ownShard({ SHARDS: '3', SHARD_COUNT: '4' })).toBeNull();
    expect(ownShard({})).toBeNull();
  });

  it('has read models, an inbox and metrics of its own, and shares datasets, models and files', () => {
    const { values } = loadConfiguration({ DATA_DIR: '/srv/bot', METRICS_PORT: '9000' }, {}, '/nowhere');
    const shard = configurationOfShard(values, 2);
    expect(shard).toMatchObject({
      dataDir: join('/srv/bot', 'shards', '2'),
      sharedDir: '/srv/bot',
      metricsPort: 9002,
    });
    const apart = configurationOfShard({ ...values, sharedDir: '/srv/shared' }, 2);
    expect(apart.sharedDir).toBe('/srv/shared');
  });

  it('is not started on a ledger that is a file, which only one process can have', async () => {
    const ended = await runHere(['--shards', '2', '--data-dir', temporaryDirectory()], {
      DISCORD_TOKEN: TOKEN,
    });
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'Several shards need a ledger that they can share, and LEDGER_URL is not set; set it, or start without --shards.\n',
    });
  });
});
