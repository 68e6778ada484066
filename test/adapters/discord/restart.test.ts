import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { PermissionFlagsBits } from 'discord.js';
import { describe, expect, it, vi } from 'vitest';
import { type Address, Inbox, type Waiting } from '../../../src/adapters/discord/inbox.ts';
import type { Received } from '../../../src/adapters/discord/incoming.ts';
import { startStandIn } from '../../stand-ins/discord/real-client.ts';
import type { StandInDiscord } from '../../stand-ins/discord/stand-in-discord.ts';
import type { Channel } from '../../stand-ins/discord/view/channel.ts';
import type { Guild } from '../../stand-ins/discord/view/guild.ts';
import type { Member } from '../../stand-ins/discord/view/member.ts';
import type { SeenMessage } from '../../stand-ins/discord/view/message.ts';
import { instantModel, SlowModel } from './models.ts';
import { type BotOnDiscord, startBot, temporaryDirectory } from './running-bot.ts';

const MINUTE = 60_000;

interface Place {
  readonly discord: StandInDiscord;
  readonly directory: string;
  readonly guild: Guild;
  readonly ann: Member;
}

async function place(): Promise<Place> {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  return { discord, directory: temporaryDirectory(), guild, ann: guild.addMember('Ann') };
}

/** The bot in a place; the time is Discord's. */
function startIn({ discord, directory }: Place, options: BotOnDiscord = {}) {
  const chatModel = instantModel((question) => `Heard: ${question}`);
  const discordOptions = { now: () => discord.clock.now };
  return startBot({ discord, directory, chatModel, discordOptions, ...options });
}

/** From then on the bot knows the place. */
async function answersAndStops(there: Place): Promise<void> {
  const bot = await startIn(there);
  there.ann.says(there.guild.general, '!hi');
  await there.guild.general.nextMessage();
  await bot.stop();
}

function repliesTo(message: SeenMessage, { messages }: Channel): readonly SeenMessage[] {
  return messages.filter(({ api }) => api.message_reference?.message_id === message.id);
}

/** What the bot knows of a message that it has recorded and not answered. */
function received(message: SeenMessage, { guild, ann }: Place): [Received, Address, number] {
  const { id, api } = message;
  return [
    {
      id,
      input: { kind: 'text', text: api.content },
      actor: { id: ann.id, manager: false, roles: [] },
      scope: guild.id,
      channel: api.channel_id,
      origin: 'message',
      surface: 'discord',
      locale: 'en-US',
      attachments: [],
    },
    { kind: 'message', channel: api.channel_id, message: id },
    Date.parse(api.timestamp),
  ];
}

function withInbox<T>({ directory }: Place, work: (inbox: Inbox) => T): T {
  const inbox = new Inbox(join(directory, 'discord.sqlite'));
  try {
    return work(inbox);
  } finally {
    inbox.close();
  }
}

describe('a bot that comes back', () => {
  it('answers what was written while it was away, where it is known and where it is not', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const other = guild.addChannel('other');
    const bot = await startIn(there);
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
    ann.says(ann.directMessages, '!hi');
    await ann.directMessages.nextMessage();
    await bot.stop();
    discord.clock.advance(MINUTE);
    ann.says(guild.general, 'Just talk.');
    const missed = [
      [ann.says(guild.general, `${discord.botMention} One?`), guild.general],
      [ann.says(ann.directMessages, 'Two?'), ann.directMessages],
      [ann.says(other, `${discord.botMention} Three?`), other],
      [guild.owner.says(other, '!policy'), other],
    ] as const;
    const again = await startIn(there);
    for (const [message, channel] of missed) {
      const reply = await channel.nextMessage(({ api }) => api.message_reference?.message_id === message.id);
      expect(reply.content).not.toContain('ask one of them');
    }
    await again.stop();
    const third = await startIn(there);
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
    await third.stop();
    for (const [message, channel] of missed) expect(repliesTo(message, channel)).toHaveLength(1);
  });

  it('takes up what it had left, and what it has missed, only when it can do more than say that it cannot', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    await answersAndStops(there);
    discord.clock.advance(MINUTE);
    const left = ann.says(guild.general, `${discord.botMention} Left?`);
    withInbox(there, (inbox) => inbox.record(...received(left, there)));
    const missed = ann.says(guild.general, `${discord.botMention} Missed?`);
    const ready = Promise.withResolvers<void>();
    const discordOptions = { now: () => discord.clock.now, isReady: ready.promise };
    await startIn(there, { discordOptions });
    const now = ann.says(guild.general, `${discord.botMention} Now?`);
    await guild.general.nextMessage(({ api }) => api.message_reference?.message_id === now.id);
    expect([left, missed].flatMap((message) => repliesTo(message, guild.general))).toEqual([]);
    ready.resolve();
    for (const { id } of [left, missed]) {
      await guild.general.nextMessage(({ api }) => api.message_reference?.message_id === id);
    }
  });

  it('finds also what it was killed over while it was looking for what it had missed', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    await answersAndStops(there);
    discord.clock.advance(MINUTE);
    const missed = ann.says(guild.general, `${discord.botMention} Missed?`);
    discord.clock.advance(MINUTE);
    const held = discord.rest.faults.hold('GET /channels/:channel/messages');
    const second = await startIn(there);
    await held.reached;
    ann.says(guild.general, `${discord.botMention} New?`);
    expect((await guild.general.nextMessage()).content).toContain('Heard: New?');
    await second.stop();
    held.release();
    await startIn(there);
    const reply = await guild.general.nextMessage();
    expect(reply.api.message_reference?.message_id).toBe(missed.id);
  });

  it('finds it in however many channels', async () => {
    const there = await place();
    const { guild, discord } = there;
    const rooms = Array.from({ length: 60 }, (_, n) => guild.addChannel(`room-${n}`));
    const hidden = guild.addChannel('hidden');
    hidden.deny(guild.botRole, PermissionFlagsBits.ViewChannel);
    await answersAndStops(there);
    discord.clock.advance(MINUTE);
    guild.owner.says(hidden, '!hi');
    const people = rooms.map((_, n) => guild.addMember(`Member ${n}`));
    for (const [n, room] of rooms.entries()) people[n]?.says(room, '!hi');
    await startIn(there);
    for (const room of rooms) expect((await room.nextMessage()).content).toContain('Hello');
    const refused = discord.rest.exchanges.all.filter(({ status }) => status === 403);
    expect(refused).toEqual([]);
  });

  it('looks the next time into a channel that could not be read', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    await answersAndStops(there);
    discord.clock.advance(MINUTE);
    const other = guild.addChannel('other');
    const elsewhere = ann.says(other, `${discord.botMention} Elsewhere?`);
    discord.clock.advance(MINUTE);
    // The liveliest channel is read first.
    const missed = ann.says(guild.general, `${discord.botMention} Missed?`);
    discord.rest.faults.fail('GET /channels/:channel/messages', { status: 403 });
    const second = await startIn(there);
    const { facts } = await second.log.find(({ what }) => what === 'missed messages cannot be read');
    expect(facts).toMatchObject({ channel: guild.general.id });
    expect((await other.nextMessage()).api.message_reference?.message_id).toBe(elsewhere.id);
    discord.clock.advance(MINUTE);
    ann.says(guild.general, `${discord.botMention} New?`);
    expect((await guild.general.nextMessage()).content).toContain('Heard: New?');
    await second.stop();
    discord.clock.advance(MINUTE);
    const third = await startIn(there);
    expect((await guild.general.nextMessage()).api.message_reference?.message_id).toBe(missed.id);
    await third.stop();
    expect(withInbox(there, (inbox) => inbox.behind().size)).toBe(0);
  });

  it('leaves alone what is too old, and what was written before it ever came', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const before = ann.says(guild.general, '!hi');
    const bot = await startIn(there);
    const known = ann.says(guild.general, '!instruction');
    await guild.general.nextMessage();
    await bot.stop();
    discord.clock.advance(MINUTE);
    const old = ann.says(guild.general, `${discord.botMention} Old?`);
    discord.clock.advance(12 * 60 * MINUTE);
    const fresh = ann.says(guild.general, `${discord.botMention} Fresh?`);
    const { log } = await startIn(there);
    await log.find(({ what }) => what === 'nothing older is answered');
    expect((await guild.general.nextMessage()).content).toContain('Heard: Fresh?');
    expect([before, known, old, fresh].map((message) => repliesTo(message, guild.general).length)).toEqual([
      0, 1, 0, 1,
    ]);
  });

  it.each([
    ['moments', 0],
    ['hours', 120 * MINUTE],
  ])('posts nothing twice that it had posted %s ago and not noted', async (_, passed) => {
    const there = await place();
    const { guild, ann, discord } = there;
    const bot = await startIn(there);
    const long = 'A sentence of some words. '.repeat(200);
    const asked = ann.says(guild.general, '!hi');
    const reply = await guild.general.nextMessage();
    await bot.stop();
    const database = new Database(join(there.directory, 'discord.sqlite'));
    database.exec('DELETE FROM received');
    database.close();
    withInbox(there, (inbox) => inbox.record(...received(asked, there)));
    discord.clock.advance(passed);
    const again = await startIn(there, { chatModel: instantModel(() => long) });
    const settled = ann.says(guild.general, `${discord.botMention} And now?`);
    await guild.general.nextMessage();
    await again.stop();
    expect(repliesTo(asked, guild.general).map(({ id }) => id)).toEqual([reply.id]);
    expect(repliesTo(settled, guild.general)).toHaveLength(1);
  });

  it('posts nothing twice of what the machine forgot with its power', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const bot = await startIn(there);
    const asked = ann.says(guild.general, '!hi');
    const reply = await guild.general.nextMessage();
    await bot.stop();
    const database = new Database(join(there.directory, 'discord.sqlite'));
    database.exec('DELETE FROM received');
    database.close();
    discord.clock.advance(6 * MINUTE);
    const fresh = ann.says(guild.general, `${discord.botMention} Fresh?`);
    const again = await startIn(there);
    await guild.general.nextMessage();
    await again.stop();
    expect(withInbox(there, (inbox) => inbox.isSettled(asked.id))).toBe(true);
    expect(repliesTo(asked, guild.general).map(({ id }) => id)).toEqual([reply.id]);
    expect(repliesTo(fresh, guild.general)).toHaveLength(1);
  });

  it('posts the rest of a long reply of which only the beginning stands there', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const long = Array.from({ length: 220 }, (_, n) => `This is sentence number ${n}.`).join(' ');
    const chatModel = instantModel(() => long);
    const bot = await startIn(there, { chatModel });
    const asked = ann.says(guild.general, `${discord.botMention} Why?`);
    const parts = [];
    while (!parts.at(-1)?.content.includes('number 219')) parts.push(await guild.general.nextMessage());
    expect(parts.length).toBeGreaterThan(2);
    await bot.stop();
    const lost = guild.general.messages.slice(-1);
    for (const { channel, record } of lost) channel.messages.delete(record.api.id);
    const database = new Database(join(there.directory, 'discord.sqlite'));
    database.exec('DELETE FROM received');
    database.close();
    withInbox(there, (inbox) => inbox.record(...received(asked, there)));
    discord.clock.advance(60 * MINUTE);
    await startIn(there, { chatModel });
    const rest = await guild.general.nextMessage();
    expect(rest.content).toBe(parts.at(-1)?.content);
    expect(guild.general.messages.map(({ content }) => content)).toEqual([
      asked.content,
      ...parts.map(({ content }) => content),
    ]);
  });

  it('gives up what has ended it again and again, and what is a day old', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const [poison, old] = [ann.says(guild.general, '!hi'), ann.says(guild.general, '!hi')];
    withInbox(there, (inbox) => {
      inbox.record(...received(poison, there));
      for (let time = 0; time < 100; time++) inbox.begin(poison.id);
      const [incoming, address, at] = received(old, there);
      inbox.record(incoming, address, at - 25 * 60 * MINUTE);
    });
    const { log } = await startIn(there);
    ann.says(guild.general, `${discord.botMention} And now?`);
    expect((await guild.general.nextMessage()).content).toContain('Heard: And now?');
    expect(log.all.filter(({ what }) => what === 'gave up what was not answered')).toHaveLength(2);
    for (const message of [poison, old]) {
      expect(repliesTo(message, guild.general)).toEqual([]);
      await vi.waitFor(() => expect(withInbox(there, (inbox) => inbox.isSettled(message.id))).toBe(true));
    }
  });

  it('says so in one sentence where what it kept is damaged', async () => {
    const there = await place();
    writeFileSync(join(there.directory, 'discord.sqlite'), 'this is no database, whatever it is called');
    await expect(startIn(there)).rejects.toThrow(
      /discord\.sqlite cannot be opened \([^\n]+\); where it is damaged, take it away: [^\n]+\.$/,
    );
  });

  it('keeps nothing of what people wrote once it is answered', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const bot = await startIn(there);
    const asked = ann.says(guild.general, `${discord.botMention} My secret?`);
    await guild.general.nextMessage();
    await bot.stop();
    const database = new Database(join(there.directory, 'discord.sqlite'), { readonly: true });
    const rows = database.prepare('SELECT * FROM received').all();
    database.close();
    expect(rows).toMatchObject([{ id: asked.id, received: null, address: null }]);
  });
});

describe('a gateway that is cut', () => {
  it('and resumed with everything told twice leads to one answer each', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const { gateway } = discord;
    await startIn(there);
    const asked = [];
    for (let round = 0; round < 3; round++) {
      asked.push(ann.says(guild.general, `${discord.botMention} Question ${round}?`));
      await guild.general.nextMessage();
      gateway.onNextResume({ rewind: 50, times: 2 });
      gateway.cut();
      asked.push(ann.says(guild.general, `${discord.botMention} Meanwhile ${round}?`));
      await guild.general.nextMessage(({ content }) => content.includes(`Meanwhile ${round}`));
    }
    expect(asked.map((message) => repliesTo(message, guild.general).length)).toEqual(asked.map(() => 1));
  });

  it('and cannot be resumed loses nothing that was written meanwhile', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    await startIn(there);
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
    discord.gateway.refusesConnections = true;
    discord.gateway.cut();
    await discord.gateway.closes.take();
    discord.gateway.forgetSessions();
    const asked = ann.says(guild.general, `${discord.botMention} Meanwhile?`);
    discord.gateway.refusesConnections = false;
    expect((await guild.general.nextMessage()).content).toContain('Heard: Meanwhile?');
    expect(repliesTo(asked, guild.general)).toHaveLength(1);
  });
});

describe('an interaction that a stop leaves unanswered', () => {
  async function interrupted(there: Place, question = 'Endless?') {
    const model = new SlowModel();
    const grace = { discordOptions: { graceMs: 50, now: () => there.discord.clock.now } };
    const bot = await startIn(there, { chatModel: model, ...grace });
    await bot.log.find(({ what }) => what === 'commands registered');
    const used = there.ann.uses('ask', { question });
    await model.thinksAbout(question);
    const stopped = bot.stop();
    await bot.log.find(({ what }) => what === 'left for the next start');
    model.release(question);
    await stopped;
    return used;
  }

  it('is answered in its place when the bot is back', async () => {
    const there = await place();
    const used = await interrupted(there);
    const again = await startIn(there);
    expect((await used.reply()).content).toContain('Endless?');
    await again.stop();
    expect(there.guild.general.messages).toHaveLength(1);
  });

  it('is answered in its channel, to the one who asked, where the bot is back too late for its place', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    await interrupted(there);
    const waiting = withInbox(there, (inbox) => inbox.waiting());
    discord.clock.advance(16 * MINUTE);
    const again = await startIn(there);
    const late = await guild.general.nextMessage();
    expect(late.content).toMatch(new RegExp(`^For <@${ann.id}>, who asked .*:\\n.*Endless\\?`));
    const made = (await again.events()).filter(({ type }) => type === 'PredictionMade');
    expect(made).toHaveLength(1);
    await again.stop();
    const refused = discord.rest.exchanges.all.filter(
      ({ route, status }) => route.includes('webhooks') && status >= 400,
    );
    expect(refused).toEqual([]);
    recordAgain(there, waiting);
    const third = await startIn(there);
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
    await third.stop();
    expect(guild.general.messages.filter(({ content }) => content.includes('Endless?'))).toHaveLength(1);
  });

  it('is answered nowhere else where the answer stood in its place before the bot was killed', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const used = await interrupted(there);
    const waiting = withInbox(there, (inbox) => inbox.waiting());
    const again = await startIn(there);
    expect((await used.reply()).content).toContain('Endless?');
    await again.stop();
    recordAgain(there, waiting);
    discord.clock.advance(16 * MINUTE);
    const third = await startIn(there);
    ann.says(guild.general, '!hi');
    await guild.general.nextMessage();
    await third.stop();
    expect(guild.general.messages.filter(({ content }) => content.includes('Endless?'))).toHaveLength(1);
  });

  it('gets the rest of a long answer of which only the beginning stands there', async () => {
    const there = await place();
    const { guild } = there;
    const question = Array.from({ length: 150 }, (_, n) => `This is sentence number ${n}.`).join(' ');
    const used = await interrupted(there, question);
    // Killed when the second message was about to be posted.
    for (const { received } of withInbox(there, (inbox) => inbox.waiting()))
      withInbox(there, (inbox) => inbox.takeStep(received.id));
    const again = await startIn(there);
    await used.reply();
    await guild.general.nextMessage(({ content }) => content.includes('sentence number 149.'));
    await again.stop();
    const whole = guild.general.messages.map(({ content }) => content).join(' ');
    expect(whole.match(/sentence number \d+\./g)).toHaveLength(150);
  });
});

/** As where the bot was killed before it had noted that it was done with them. */
function recordAgain(there: Place, waiting: readonly Waiting[]): void {
  const database = new Database(join(there.directory, 'discord.sqlite'));
  for (const { received } of waiting) {
    database.prepare('DELETE FROM received WHERE id = ?').run(received.id);
  }
  database.close();
  withInbox(there, (inbox) => {
    for (const { received, address, at } of waiting) {
      inbox.record(received, address, at);
      inbox.begin(received.id);
    }
  });
}

describe('a bot that is told to stop', () => {
  it('lets running answers end and begins no new ones, which it does when it is back', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const model = new SlowModel();
    const bot = await startIn(there, { chatModel: model });
    ann.says(guild.general, `${discord.botMention} Running?`);
    await model.thinksAbout('Running?');
    const stopped = bot.stop();
    const late = ann.says(guild.general, `${discord.botMention} Late?`);
    model.release('Running?');
    await stopped;
    // It has left, and does not say that it comes back.
    expect(bot.log.all.map(({ what }) => what)).not.toContain('connecting to Discord again');
    expect(guild.general.messages.at(-1)?.content).toContain('Answer to: Running?');
    expect(repliesTo(late, guild.general)).toEqual([]);
    await startIn(there);
    const reply = await guild.general.nextMessage(({ content }) => content.includes('Late?'));
    expect(reply.api.message_reference?.message_id).toBe(late.id);
  });

  it('waits for a slow model only so long, and asks it again when it is back', async () => {
    const there = await place();
    const { guild, ann, discord } = there;
    const model = new SlowModel();
    const grace = { discordOptions: { graceMs: 50, now: () => discord.clock.now } };
    const bot = await startIn(there, { chatModel: model, ...grace });
    const asked = ann.says(guild.general, `${discord.botMention} Endless?`);
    await model.thinksAbout('Endless?');
    const stopped = bot.stop();
    await bot.log.find(({ what }) => what === 'left for the next start');
    model.release('Endless?');
    await stopped;
    expect(repliesTo(asked, guild.general)).toEqual([]);
    await startIn(there);
    const reply = await guild.general.nextMessage();
    expect(reply.api.message_reference?.message_id).toBe(asked.id);
    expect(repliesTo(asked, guild.general)).toHaveLength(1);
  });
});
