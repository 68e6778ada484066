import { describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../../src/domain/refusal.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { SeenMessage } from '../../stand-ins/discord/view/message.ts';
import { GrowingModel, instantModel } from './models.ts';
import { type BotOnDiscord, startBot, temporaryDirectory } from './running-bot.ts';

// Bots take their time to start while others use the machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MINUTE = 60_000;

async function place() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  return { discord, guild, directory: temporaryDirectory(), ann: guild.addMember('Ann') };
}
type Place = Awaited<ReturnType<typeof place>>;

/** A bot whose model says its answers bit by bit, with so much time from one edit to the next. */
async function startIn({ discord, directory }: Place, betweenEditsMs: number, options: BotOnDiscord = {}) {
  const model = new GrowingModel();
  const now = () => discord.clock.now;
  const discordOptions = { now, betweenEditsMs, graceMs: 50 };
  const bot = await startBot({ discord, directory, chatModel: model, discordOptions, ...options });
  return { bot, model };
}

/** Ann mentions the bot, and its answer begins to grow. */
async function begun(there: Place, betweenEditsMs = 0) {
  const { bot, model } = await startIn(there, betweenEditsMs);
  const asked = there.ann.says(there.guild.general, `${there.discord.botMention} Why?`);
  const answer = await model.asked.take();
  answer.grow('Because');
  return { bot, model, asked, answer, reply: await there.guild.general.nextMessage() };
}

function contents({ history }: SeenMessage): string[] {
  return history.map(({ content }) => content);
}

function repliesTo(asked: SeenMessage, { guild }: Place): readonly string[] {
  return guild.general.messages
    .filter(({ api }) => api.message_reference?.message_id === asked.id)
    .map(({ content }) => content);
}

describe('an answer that grows', () => {
  it('is one message, whose last edit is the whole answer with its buttons', async () => {
    const there = await place();
    const { bot, asked, answer, reply } = await begun(there);
    expect([reply.content, reply.buttons]).toEqual(['Because ▌', []]);
    answer.grow('Because @everyone');
    await reply.becomes(({ content }) => content === 'Because @everyone ▌');
    expect((await bot.events()).map(({ type }) => type)).toEqual([]);
    answer.finish('Because @everyone asks.');
    await reply.becomes(({ buttons }) => buttons.length > 0);
    expect(reply.content).toMatch(/^Because @everyone asks\.\n\(answer [0-9a-f]{8}\)$/);
    expect(contents(reply)).toEqual(['Because ▌', 'Because @everyone ▌', reply.content]);
    expect([reply.notified, reply.allowedMentions]).toEqual([[], { parse: [], replied_user: false }]);
    expect(repliesTo(asked, there)).toHaveLength(1);
    expect((await bot.events()).map(({ type }) => type)).toEqual(['PredictionMade']);
  });

  it('is edited no more often than it may, and at the end at once', async () => {
    const { answer, reply } = await begun(await place(), MINUTE);
    for (let words = 2; words <= 50; words++) answer.grow('Because '.repeat(words));
    answer.finish('Because.');
    await reply.becomes(({ buttons }) => buttons.length > 0);
    expect(contents(reply)).toEqual(['Because ▌', expect.stringMatching(/^Because\.\n/)]);
  });

  it('grows in the place of a command that was deferred', async () => {
    const there = await place();
    const { bot, model } = await startIn(there, 0);
    await bot.log.find(({ what }) => what === 'commands registered');
    const used = there.ann.uses('ask', { question: 'Why?' });
    const answer = await model.asked.take();
    answer.grow('Because');
    const reply = await used.reply();
    expect(reply.content).toBe('Because ▌');
    answer.finish('Because it is so.');
    await reply.becomes(({ buttons }) => buttons.length > 0);
    expect(reply.content).toMatch(/^Because it is so\.\n/);
    expect(there.guild.general.messages).toHaveLength(1);
  });

  it('goes on in further messages where it becomes too long for one', async () => {
    const there = await place();
    const { answer, reply } = await begun(there);
    const long = 'A sentence of some words. '.repeat(150).trim();
    answer.grow(long);
    await reply.becomes(({ content }) => content.length > 1_000);
    expect(reply.content.length).toBeLessThanOrEqual(2_000);
    answer.finish(long);
    const last = await there.guild.general.nextMessage();
    expect([reply.buttons.length, last.buttons.length]).toEqual([0, 3]);
    expect(`${reply.content} ${last.content}`).toMatch(new RegExp(`^${long}\n\\(answer \\w+\\)$`));
  });

  it('gives way to the sentence that says why the model failed in the end', async () => {
    const there = await place();
    const { asked, answer, reply } = await begun(there);
    answer.fail(new Refusal('The server went away; ask again.'));
    await reply.becomes(({ content }) => content.startsWith('The server went away; ask again.'));
    expect(repliesTo(asked, there)).toEqual([reply.content]);
  });

  it('is whole in the end also where Discord failed while it grew, or somebody took its beginning away', async () => {
    const there = await place();
    const { asked, answer, reply } = await begun(there);
    there.discord.rest.faults.fail('PATCH /channels/:channel/messages/:message', { after: true, times: 4 });
    answer.grow('Because it');
    await reply.becomes(({ content }) => content === 'Because it ▌');
    answer.finish('Because it is so.');
    await reply.becomes(({ buttons }) => buttons.length > 0);
    expect(repliesTo(asked, there)).toEqual([reply.content]);

    const elsewhere = await place();
    const second = await begun(elsewhere);
    elsewhere.guild.owner.deletes(second.reply);
    second.answer.finish('Because it is so.');
    expect((await elsewhere.guild.general.nextMessage()).content).toContain('Because it is so.');
  });

  it('is posted once and whole where the model says everything at once', async () => {
    const there = await place();
    await startIn(there, 0, { chatModel: instantModel(() => 'Because.') });
    there.ann.says(there.guild.general, `${there.discord.botMention} Why?`);
    const reply = await there.guild.general.nextMessage();
    expect(reply.buttons).toHaveLength(3);
    expect(contents(reply)).toHaveLength(1);
  });
});

describe('an answer that a stop interrupts while it grows', () => {
  /** @param isRecorded whether the answer is whole when it is too late to post it */
  async function interrupted(there: Place, isRecorded = false) {
    const { bot, asked, answer, reply } = await begun(there);
    const stopped = bot.stop();
    await bot.log.find(({ what }) => what === 'left for the next start');
    if (isRecorded) answer.finish('For this reason.');
    else answer.fail(new Error('killed'));
    await stopped;
    expect(repliesTo(asked, there)).toEqual(['Because ▌']);
    return { asked, reply };
  }

  it.each([
    ['moments', 0],
    ['hours', 120 * MINUTE],
  ])('is completed in its message %s later, also where it grows once more', async (_, passed) => {
    const there = await place();
    const { asked, reply } = await interrupted(there);
    there.discord.clock.advance(passed);
    const { model } = await startIn(there, 0);
    const answer = await model.asked.take();
    answer.grow('For this');
    await reply.becomes(({ content }) => content === 'For this ▌');
    answer.finish('For this reason.');
    await reply.becomes(({ buttons }) => buttons.length > 0);
    expect(repliesTo(asked, there)).toEqual([expect.stringMatching(/^For this reason\.\n/)]);
  });

  it.each([
    ['by a model that says everything at once', false, 'For this reason.'],
    ['with what was recorded of it', true, 'Something else.'],
  ])('is completed in its message %s', async (_, isRecorded, says) => {
    const there = await place();
    const { asked, reply } = await interrupted(there, isRecorded);
    await startIn(there, 0, { chatModel: instantModel(() => says) });
    await reply.becomes(({ buttons }) => buttons.length > 0);
    expect(repliesTo(asked, there)).toEqual([expect.stringMatching(/^For this reason\.\n/)]);
  });
});
