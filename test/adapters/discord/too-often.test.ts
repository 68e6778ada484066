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

const HOUR = 3_600;

it('what was refused as too often stays so, also for a bot that comes back', async () => {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const [ann, ben] = [guild.addMember('Ann'), guild.addMember('Ben')];
  const directory = temporaryDirectory();
  const start = () => startBot({ discord, directory, discordOptions: { rateLimits: atMost(1) } });
  const first = await start();
  await first.log.find(({ what }) => what === 'commands registered');
  guild.owner.says(guild.general, '!hi');
  await guild.general.nextMessage();
  // Of this nothing is found in the channel afterwards, and so nothing counted.
  await ann.uses('hi').reply();
  ann.says(guild.general, '!feedback Told that it was too often');
  await guild.general.nextMessage(({ content }) => content.includes('too often'));
  ann.says(guild.general, '!feedback Passed over');
  expect((await ben.uses('hi').reply()).content).toContain('Hello');
  expect((await ben.uses('feedback', { text: 'Told too' }).reply()).content).toContain('too often');
  await first.stop();
  // Found after what was refused, so that with its answer that has been found as well.
  const [last, next] = [guild.addMember('Cy'), guild.addMember('Dee')];
  const missed = last.says(guild.general, '!policy');
  const again = await start();
  await guild.general.nextMessage(({ api }) => api.message_reference?.message_id === missed.id);
  const given = next.says(guild.general, '!feedback Good');
  await guild.general.nextMessage(({ api }) => api.message_reference?.message_id === given.id);
  const feedback = (await again.events()).filter(({ type }) => type === 'FeedbackGiven');
  expect(feedback.map(({ metadata }) => metadata.commandId)).toEqual([given.id]);
});

it('what the gateway tells again counts once', async () => {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const ann = guild.addMember('Ann');
  const { log } = await startBot({ discord, discordOptions: { rateLimits: atMost(5) } });
  await log.find(({ what }) => what === 'commands registered');
  ann.says(guild.general, '!hi');
  await guild.general.nextMessage();
  for (let n = 0; n < 3; n++) await ann.uses('hi').reply();
  discord.gateway.onNextResume({ rewind: 50, times: 2 });
  discord.gateway.cut();
  const { id } = ann.says(guild.general, '!hi');
  await log.find(({ what }) => what === 'resumed');
  const reply = await guild.general.nextMessage(({ api }) => api.message_reference?.message_id === id);
  expect(reply.content).toContain('Hello');
  guild.owner.says(guild.general, '!instruction');
  await guild.general.nextMessage(({ content }) => content.includes('How to train'));
  expect(guild.general.messages.filter(({ content }) => content.includes('too often'))).toEqual([]);
});

function atMost(count: number) {
  return { member: { count, windowSeconds: HOUR }, guild: { count: 100, windowSeconds: HOUR } };
}
