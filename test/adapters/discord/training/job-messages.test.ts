import { Locale, PermissionFlagsBits } from 'discord.js';
import { describe, expect, it, vi } from 'vitest';
import type { ChatModel } from '../../../../src/domain/ports.ts';
import type { Bot, JobStatus, Reply } from '../../../../src/domain/surface.ts';
import { startStandIn } from '../../../stand-ins/discord/real-client.ts';
import type { StandInDiscord } from '../../../stand-ins/discord/stand-in-discord.ts';
import type { Channel } from '../../../stand-ins/discord/view/channel.ts';
import type { Guild } from '../../../stand-ins/discord/view/guild.ts';
import type { SeenMessage } from '../../../stand-ins/discord/view/message.ts';
import { type BotOnDiscord, type RunningBot, startBot, temporaryDirectory } from '../running-bot.ts';
import { HandTrainer } from './hand-trainer.ts';

const POST = 'POST /channels/:channel/messages';
const PATCH = 'PATCH /channels/:channel/messages/:message';
const LOSS = 'loss.png';

/** Whatever was trained, it answers. */
const talkative: ChatModel = {
  answer: async () => ({ text: 'Hello.', abstained: false, learnedFrom: null, tokens: null }),
};

const atOnce = { jobMessageTiming: { firstMs: 0, betweenMs: 5 } };

interface Place {
  readonly discord: StandInDiscord;
  readonly guild: Guild;
}

async function place(options: Parameters<StandInDiscord['createGuild']>[1] = {}): Promise<Place> {
  const discord = await startStandIn();
  return { discord, guild: discord.createGuild('Trainers', options) };
}

function start(
  { discord }: Place,
  trainer: HandTrainer,
  options: Partial<BotOnDiscord> = {},
): Promise<RunningBot> {
  return startBot({ discord, trainer, discordOptions: atOnce, ...options });
}

let ids = 0;

/** A job that is asked for there, with the reply to nobody. */
async function begin(
  { bot }: RunningBot,
  { guild }: Place,
  channel: Channel = guild.general,
): Promise<string> {
  return train(bot, { scope: guild.id, channel: channel.id });
}

async function train(
  bot: RunningBot['bot'],
  where: { readonly scope: string; readonly channel: string },
): Promise<string> {
  const reply: Reply = await bot.run({
    id: `command ${++ids}`,
    input: {
      kind: 'command',
      name: 'train',
      options: { data: `{"prompt":"Question ${ids}","completion":"b"}` },
    },
    actor: { id: '1', manager: true, roles: [] },
    ...where,
    origin: 'interaction',
    surface: 'discord',
    locale: 'en',
    attachments: [],
    voice: null,
  });
  if (!reply.ok) throw new Error(reply.text);
  return String(reply.data.job).slice(0, 8);
}

function isAbout(job: string): (message: SeenMessage) => boolean {
  return ({ content }) => content.includes(job);
}

const saying = (text: string) => (message: SeenMessage) => message.content.includes(text);

describe('a training job', () => {
  it('is one message from its beginning to its end', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    const job = await begin(bot, here);

    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying(`**Job ${job}** is training`));
    trainer.step(1, 4, 0.75);
    await message.becomes(saying('step 1 of 4 · loss 0.7500'));
    expect(message.content).toContain('`█████░░░░░░░░░░░░░░░` 25 %');
    trainer.step(3, 4, 0.25);
    await message.becomes(saying('step 3 of 4 · loss 0.2500 · about 5 s left'));
    expect(message.buttons).toEqual([]);

    trainer.succeed('hand-1', 0.125);
    await message.becomes(saying(`**Job ${job}** has succeeded`));
    expect(message.content).toContain('`████████████████████` 100 %');
    expect(message.content).toContain('succeeded with model hand-1, loss 0.1250');
    expect(message.buttons.map(({ label }) => label)).toEqual(['Promote this model']);
    expect(Buffer.from(message.file(LOSS)).subarray(1, 4).toString()).toBe('PNG');
    expect(here.guild.general.messages).toHaveLength(1);
    for (const { mentions } of message.history) expect(mentions).toEqual([]);
    expect(message.allowedMentions).toEqual({ parse: [], replied_user: false });
  });

  it('ends with a button that lets its model answer, for those who may', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer, { chatModel: talkative });
    const job = await begin(bot, here);
    trainer.succeed('hand-1');
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(({ buttons }) => buttons.length === 1);
    const stranger = here.guild.addMember('Stranger');
    const refused = await stranger.presses(message.button('Promote this model')).followUp();
    expect(refused.content).toContain('for trainers');
    const promoted = await here.guild.owner.presses(message.button('Promote this model')).reply();
    expect(promoted.content).toContain('hand-1 answers here from now on');
  });

  it('has no chart where no loss was measured', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    const job = await begin(bot, here);
    trainer.step(1, 1);
    trainer.succeed();
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('has succeeded'));
    expect(message.files).toEqual([]);
  });

  it('says why it failed, and that it was cancelled, without a button', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    const failing = await begin(bot, here);
    trainer.report({ kind: 'failed', reason: 'the @everyone disk is full' });
    const failed = await here.guild.general.nextMessage(isAbout(failing));
    await failed.becomes(saying(`**Job ${failing}** has failed`));
    expect(failed.content).toContain('disk is full');
    expect(failed.notified).toEqual([]);
    expect(failed.buttons).toEqual([]);

    const endless = await begin(bot, here);
    const cancelled = await here.guild.general.nextMessage(isAbout(endless));
    await cancelled.becomes(saying('is training'));
    await bot.bot.run({
      id: 'cancelling',
      input: { kind: 'command', name: 'cancel', options: { job: endless } },
      actor: { id: '1', manager: true, roles: [] },
      scope: here.guild.id,
      channel: here.guild.general.id,
      origin: 'interaction',
      surface: 'discord',
      locale: 'en',
      attachments: [],
      voice: null,
    });
    await cancelled.becomes(saying(`**Job ${endless}** was cancelled`));
    expect(cancelled.buttons).toEqual([]);
  });

  it('is edited no more often than it may be, and its last state is shown all the same', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const betweenMs = 150;
    const bot = await start(here, trainer, {
      discordOptions: { jobMessageTiming: { firstMs: 0, betweenMs } },
    });
    const began = performance.now();
    const job = await begin(bot, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    for (let step = 1; step <= 300; step++) trainer.step(step, 300, 1 / step);
    trainer.succeed();
    await message.becomes(saying('has succeeded'));
    const most = Math.floor((performance.now() - began) / betweenMs) + 1;
    expect(message.history.length).toBeLessThanOrEqual(most);
    expect(most).toBeLessThan(300);
  });

  it('is looked up again where that was behind what was told', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer, { wrap: behind });
    const job = await begin(bot, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('is training'));
    trainer.step(1, 2);
    await message.becomes(saying('step 1 of 2'));
  });

  it('is told in the language of the guild', async () => {
    const here = await place({ locale: Locale.Russian });
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    const job = await begin(bot, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    expect(message.content).toContain(`**Задание ${job}**`);
    trainer.succeed();
    await message.becomes(saying('выполнено'));
    expect(message.buttons.map(({ label }) => label)).not.toContain('Promote this model');
  });

  it('of the console is not shown on Discord', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    await train(bot.bot, { scope: 'local', channel: 'console' });
    trainer.succeed('hand-0');
    await bot.bot.idle('local');
    const job = await begin(bot, here);
    trainer.succeed('hand-1');
    await (await here.guild.general.nextMessage(isAbout(job))).becomes(saying('has succeeded'));
    expect(here.guild.general.messages).toHaveLength(1);
  });
});

describe('the message of a training job', () => {
  it('goes on being edited after a restart', async () => {
    const here = await place();
    const directory = temporaryDirectory();
    const first = await start(here, new HandTrainer(), { directory });
    const job = await begin(first, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('is training'));
    await first.stop();

    const trainer = new HandTrainer();
    await start(here, trainer, { directory });
    trainer.step(1, 2, 0.5);
    await message.becomes(saying('step 1 of 2'));
    trainer.succeed('hand-1', 0.5);
    await message.becomes(saying('has succeeded'));
    expect(here.guild.general.messages).toHaveLength(1);
  });

  it('shows an end that came while Discord could not be told', async () => {
    const here = await place();
    const directory = temporaryDirectory();
    const trainer = new HandTrainer();
    const first = await start(here, trainer, { directory });
    const job = await begin(first, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('is training'));
    here.discord.rest.faults.fail(PATCH, { status: 502, times: 10_000 });
    trainer.succeed();
    await first.log.find(({ what }) => what === 'a job cannot be shown');
    await first.stop();
    expect(message.content).toContain('is training');
    here.discord.rest.faults.clear();

    await start(here, new HandTrainer(), { directory });
    await message.becomes(saying('has succeeded'));
    expect(here.guild.general.messages).toHaveLength(1);
  });

  it('is posted once where its answer is lost, and where the server stumbles', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    for (const fault of ['hangUp', 'fail'] as const) {
      here.discord.rest.faults[fault](POST, { after: true });
      const job = await begin(bot, here);
      const message = await here.guild.general.nextMessage(isAbout(job));
      trainer.succeed();
      await message.becomes(saying('has succeeded'));
      expect(here.guild.general.messages.filter(isAbout(job))).toHaveLength(1);
    }
  });

  it('is found again where the process ended before it learned the id, however long ago', async () => {
    const here = await place();
    const directory = temporaryDirectory();
    const held = here.discord.rest.faults.hold(POST, { after: true });
    const first = await start(here, new HandTrainer(), { directory });
    const job = await begin(first, here);
    await held.reached;
    await first.stop();
    held.release();
    here.discord.clock.advance(60 * 60_000);
    for (let other = 0; other < 150; other++) here.guild.owner.says(here.guild.general, `Chatter ${other}`);

    const trainer = new HandTrainer();
    await start(here, trainer, { directory });
    trainer.succeed();
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('has succeeded'));
    expect(here.guild.general.messages.filter(isAbout(job))).toHaveLength(1);
  });

  it('is posted by the next process where the job was over before it was shown', async () => {
    const here = await place();
    const directory = temporaryDirectory();
    const trainer = new HandTrainer();
    const late = { jobMessageTiming: { firstMs: 60_000, betweenMs: 5 } };
    const first = await start(here, trainer, { directory, discordOptions: late });
    const job = await begin(first, here);
    trainer.succeed();
    await first.bot.idle(here.guild.id);
    await first.stop();
    expect(here.guild.general.messages).toEqual([]);

    await start(here, new HandTrainer(), { directory });
    const message = await here.guild.general.nextMessage(isAbout(job));
    expect(message.content).toContain('has succeeded');
  });

  it('that somebody deletes is not posted again, and is told to the operator once', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    const job = await begin(bot, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('is training'));
    here.guild.owner.deletes(message);
    trainer.step(1, 3);
    await bot.log.find(({ what }) => what === 'a job cannot be shown');
    trainer.step(2, 3);
    trainer.succeed('hand-1');

    const next = await begin(bot, here);
    trainer.succeed('hand-2');
    await (await here.guild.general.nextMessage(isAbout(next))).becomes(saying('has succeeded'));
    expect(here.guild.general.messages.filter(isAbout(job))).toEqual([]);
    expect(bot.log.all.filter(({ level }) => level !== 'info')).toHaveLength(1);
  });

  it('waits for the end where the bot may not write, which is told to the operator once', async () => {
    const here = await place();
    const { general, botRole } = here.guild;
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    general.deny(botRole, PermissionFlagsBits.SendMessages);
    const job = await begin(bot, here);
    await bot.log.find(({ what }) => what === 'a job cannot be shown');
    for (let step = 1; step <= 20; step++) trainer.step(step, 20);
    await vi.waitFor(async () =>
      expect((await bot.bot.jobStatus(here.guild.id, await fullId(bot), 'en'))?.step).toBe(20),
    );
    general.allow(botRole, PermissionFlagsBits.SendMessages);
    trainer.succeed();
    await (await general.nextMessage(isAbout(job))).becomes(saying('has succeeded'));
    expect(bot.log.all.filter(({ level }) => level !== 'info')).toHaveLength(1);
  });

  it('comes without the chart where nothing may be attached', async () => {
    const here = await place();
    const { general, botRole, everyone } = here.guild;
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    general.deny(everyone, PermissionFlagsBits.AttachFiles);
    general.deny(botRole, PermissionFlagsBits.AttachFiles);
    const job = await begin(bot, here);
    trainer.step(1, 2, 0.5);
    trainer.succeed();
    const message = await general.nextMessage(isAbout(job));
    await message.becomes(({ buttons }) => buttons.length === 1);
  });

  it('outlives a server that is down for a while', async () => {
    const here = await place();
    const trainer = new HandTrainer();
    const bot = await start(here, trainer);
    const job = await begin(bot, here);
    const message = await here.guild.general.nextMessage(isAbout(job));
    await message.becomes(saying('is training'));
    here.discord.rest.faults.fail(PATCH, { status: 502, times: 9 });
    trainer.step(1, 2, 0.5);
    await bot.log.find(({ what }) => what === 'a job cannot be shown');
    trainer.succeed();
    await message.becomes(saying('has succeeded'));
    expect(bot.log.all.filter(({ what }) => what === 'a job cannot be shown')).toHaveLength(1);
  });
});

async function fullId({ events }: RunningBot): Promise<string> {
  for (const event of await events()) if (event.type === 'TrainingRequested') return event.data.job;
  throw new Error('there is no job');
}

/** Whose looking up shows each state of a job only at the second time. */
function behind(bot: Bot): Bot {
  let before: JobStatus | null = null;
  const jobStatus: Bot['jobStatus'] = async (...args) => {
    const [shown, now] = [before, await bot.jobStatus(...args)];
    before = now;
    return shown;
  };
  return new Proxy(bot, {
    get: (target, name) => {
      if (name === 'jobStatus') return jobStatus;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
