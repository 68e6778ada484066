import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Store } from './end-to-end/fleet.ts';
import { temporaryDirectory } from './end-to-end/talk.ts';
import { Program } from './program.ts';
import { StandInClock } from './stand-ins/discord/clock.ts';
import { hasGuild, type ShardPlace } from './stand-ins/discord/gateway/shard.ts';
import { startStandIn } from './stand-ins/discord/real-client.ts';
import type { StandInDiscord } from './stand-ins/discord/stand-in-discord.ts';
import type { Guild } from './stand-ins/discord/view/guild.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
const TWO = 2;

function guildOf(discord: StandInDiscord, shard: number): Guild {
  const place: ShardPlace = [shard, TWO];
  for (;;) {
    const guild = discord.createGuild(`Shard ${shard}`);
    if (hasGuild(place, guild.id)) return guild;
  }
}

it('each shard serves its guilds in a process of its own, a dead one comes back, and one train for all', async () => {
  const directory = temporaryDirectory();
  const store = new Store(directory);
  await store.start();
  const discord = await startStandIn({ clock: new StandInClock({ running: true }) });
  discord.recommendShards(TWO);
  const guilds = [guildOf(discord, 0), guildOf(discord, 1)];
  mkdirSync(join(directory, 'bot'));
  const program = new Program(['--shards', 'auto', '--data-dir', join(directory, 'bot')], {
    cwd: directory,
    env: {
      ...discord.environment,
      LEDGER_URL: store.url,
    },
  });
  onTestFinished(() => void program.child.kill('SIGKILL'));
  const said = (line: string) =>
    program.stderr.split('\n').filter((written) => written.includes(line)).length;
  await vi.waitFor(
    () => expect([said('a shard is ready'), program.stderr]).toEqual([TWO, program.stderr]),
    PATIENCE,
  );
  expect(discord.gateway.identifies.all.map(({ shard }) => shard)).toEqual([
    [0, TWO],
    [1, TWO],
  ]);

  for (const guild of guilds) {
    const ann = guild.addMember('Ann');
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
  }
  // The shards are cut off for good, so that their processes end, and are started again.
  discord.gateway.forgetSessions();
  discord.gateway.cut({ code: 4011 });
  await vi.waitFor(() => expect(said('is started again')).toBe(TWO), PATIENCE);
  await vi.waitFor(() => expect(said('a shard is ready')).toBe(2 * TWO), PATIENCE);
  for (const guild of guilds) {
    const bob = guild.addMember('Bob');
    bob.says(guild.general, '!hi');
    await guild.general.nextMessage();
  }
  program.child.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, stdout: '' });
}, 240_000);
