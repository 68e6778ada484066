import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KnownGuilds } from '../../../src/adapters/discord/known-guilds.ts';
import { temporaryDirectory } from './running-bot.ts';

it('leaves what a connection tells of after the end to the next start', () => {
  const file = join(temporaryDirectory(), 'discord.sqlite');
  const [entered, seen] = [
    { guild: '1', joined: 1_000 },
    { guild: '2', joined: 2_000 },
  ];
  const ended = new KnownGuilds(file);
  ended.end();

  expect(ended.enter(entered)).toBe(false);
  ended.remember(seen);

  const next = new KnownGuilds(file);
  expect([next.enter(entered), next.enter(seen)]).toEqual([true, true]);
  expect(next.waiting()).toEqual([entered, seen]);
  next.end();
});
