import { expect, it } from 'vitest';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import { startBot, temporaryDirectory } from './running-bot.ts';

it('who writes too often is told so once, and others are answered all the while', async () => {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const [ann, ben] = [guild.addMember('Ann'), guild.addMember('Ben')];
  const hour = 3_600;
  await startBot({
    discord,
    discordOptions: {
      rateLimits: { member: { count: 2, windowSeconds: hour }, guild: { count: 100, windowSeconds: hour } },
    },
  });
  const said = ['!hi', '!hi', '!hi', '!hi', '!hi'].map((text) => ann.says(guild.general, text).id);
  const asked = ben.says(guild.general, '!hi').id;
  const answers = new Map<string | undefined, string>();
  while (answers.size < 4) {
    const { api, content } = await guild.general.nextMessage();
    answers.set(api.message_reference?.message_id, content);
  }
  expect([...answers.keys()].sort()).toEqual([...said.slice(0, 3), asked].sort());
  expect(answers.get(said[2])).toContain('too often');
  expect(answers.get(asked)).not.toContain('too often');
});

it('what was written while the bot was away counts for the minutes in which it was written', async () => {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const ann = guild.addMember('Ann');
  const start = () =>
    startBot({
      discord,
      directory,
      discordOptions: {
        now: () => discord.clock.now,
        rateLimits: { member: { count: 2, windowSeconds: 60 }, guild: { count: 100, windowSeconds: 60 } },
      },
    });
  const directory = temporaryDirectory();
  const first = await start();
  ann.says(guild.general, '!hi');
  await guild.general.nextMessage();
  await first.stop();
  const missed = [];
  for (let minute = 0; minute < 3; minute++) {
    discord.clock.advance(60_000);
    missed.push(ann.says(guild.general, '!hi').id, ann.says(guild.general, '!hi').id);
  }
  await start();
  const answered = new Set<string | undefined>();
  while (answered.size < missed.length) {
    const { api, content } = await guild.general.nextMessage();
    expect(content).not.toContain('too often');
    answered.add(api.message_reference?.message_id);
  }
  expect([...answered].sort()).toEqual(missed.sort());
});
