import { expect, it } from 'vitest';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import { startBot } from './running-bot.ts';

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
