import { expect, test } from 'vitest';
import { startStandIn } from '../../../stand-ins/discord/real-client.ts';
import type { SeenMessage } from '../../../stand-ins/discord/view/message.ts';
import { instantModel } from '../models.ts';
import { startBot } from '../running-bot.ts';

async function withWaitingCorrections(...better: readonly string[]) {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const ann = guild.addMember('Ann');
  const { events } = await startBot({ discord, chatModel: instantModel(() => 'At ten.') });
  await expect.poll(() => ann.seesCommands().length).toBeGreaterThan(0);
  const answer = await ann.uses('ask', { question: 'When do you open?' }).reply();
  for (const text of better) {
    const modal = await ann.opensMenu(answer, 'Correct this reply').modal();
    await ann.submits(modal, { 'The better answer': text }).reply();
  }
  return { guild, ann, answer, events };
}

function named(queue: SeenMessage, what: string) {
  const button = queue.buttons.find(({ label }) => label.startsWith(what));
  if (button === undefined) throw new Error(`There is no button ${what}.`);
  return button;
}

test('a correction by a member waits, and is approved as the trainer edited it, by buttons and a form', async () => {
  const { guild, events } = await withWaitingCorrections('At nien.');
  const queue = await guild.owner.uses('review').reply();
  expect(queue.isEphemeral).toBe(true);
  expect(queue.content).toContain('At nien.');
  const modal = await guild.owner.presses(named(queue, 'Edit')).modal();
  expect(modal.prefilled('The question')).toBe('When do you open?');
  expect(modal.prefilled('The better answer')).toBe('At nien.');
  const told = await guild.owner.submits(modal, { 'The better answer': 'At nine.' }).reply();
  expect(told.isEphemeral).toBe(true);
  const all = await events();
  expect(all.flatMap((event) => (event.type === 'CorrectionApproved' ? [event.data] : []))).toMatchObject([
    { text: 'At nine.', question: null },
  ]);
});

test('a correction that was decided on meanwhile is refused in a sentence', async () => {
  const { guild, events } = await withWaitingCorrections('At nine.');
  const queue = await guild.owner.uses('review').reply();
  await guild.owner.presses(named(queue, 'Reject')).reply();
  await guild.owner.presses(named(queue, 'Approve')).reply();
  const decisions = (await events()).filter(({ type }) => /^Correction(Approved|Rejected)$/.test(type));
  expect(decisions.map(({ type }) => type)).toEqual(['CorrectionRejected']);
});

test('a member cannot approve, though they make up the button', async () => {
  const { guild, ann, answer, events } = await withWaitingCorrections('At nine.');
  const queue = await guild.owner.uses('review').reply();
  for (const { customId } of queue.buttons) {
    const told = await ann.presses(answer.forgedButton(customId)).reply();
    expect(told.isEphemeral).toBe(true);
    expect(told.content).toContain('trainers');
  }
  expect((await events()).filter(({ type }) => /^Correction(Approved|Rejected)$/.test(type))).toEqual([]);
});
