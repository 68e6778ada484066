import { PermissionFlagsBits } from 'discord.js';
import { expect, test } from 'vitest';
import { startStandIn } from '../../../stand-ins/discord/real-client.ts';
import { startBot } from '../running-bot.ts';

async function started() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const running = await startBot({ discord });
  await expect.poll(() => guild.owner.seesCommands().length).toBeGreaterThan(0);
  return { ...running, guild };
}

/** Said to everybody but trainers; with the right there is only nothing to promote. */
const FOR_TRAINERS = 'is for trainers';
const NOTHING_THERE = 'No model has been trained here yet';

test('a member who lost the role between two clicks is refused at the second', async () => {
  const { guild } = await started();
  const role = guild.addRole('Managers', PermissionFlagsBits.ManageGuild);
  const mia = guild.addMember('Mia', { roles: [role] });
  const message = await mia.uses('hi').reply();
  const promote = message.forgedButton('1rpromote');
  expect((await mia.presses(promote).followUp()).content).toContain(NOTHING_THERE);
  mia.losesRole(role);
  const refused = await mia.presses(promote).followUp();
  expect(refused.content).toContain(FOR_TRAINERS);
  expect(refused.isEphemeral).toBe(true);
});

test('a trainer by role needs the administrator to show the slash command, and nobody for the button', async () => {
  const { guild } = await started();
  const role = guild.addRole('Trainers');
  const tom = guild.addMember('Tom', { roles: [role] });
  const message = await tom.uses('hi').reply();
  expect((await tom.presses(message.forgedButton('1rpromote')).followUp()).content).toContain(FOR_TRAINERS);
  await guild.owner.uses('settings', { trainers: role }).reply();
  expect((await tom.presses(message.forgedButton('1rpromote')).followUp()).content).toContain(NOTHING_THERE);
  expect(() => tom.uses('promote')).toThrow('does not offer "promote"');
  guild.letUse('promote', tom);
  expect((await tom.uses('promote').followUp()).content).toContain(NOTHING_THERE);
  await guild.owner.uses('settings', { no_trainers: true }).reply();
  expect((await tom.uses('promote').followUp()).content).toContain(FOR_TRAINERS);
});

test('what an administrator shows to somebody without the right is still refused', async () => {
  const { guild } = await started();
  const ann = guild.addMember('Ann');
  guild.letUse('promote', ann);
  const refused = await ann.uses('promote').followUp();
  expect(refused.content).toContain(FOR_TRAINERS);
  expect(refused.isEphemeral).toBe(true);
});

test('a button that was forged for a form that there is none of is refused in a sentence, and is no fault', async () => {
  const { guild, log } = await started();
  const ann = guild.addMember('Ann');
  const message = await ann.uses('hi').reply();
  const refused = await ann.presses(message.forgedButton('1fhi')).reply();
  expect(refused.content).toContain('I do not know this button');
  expect(log.all.filter(({ level }) => level === 'error')).toEqual([]);
});
