import { Events, Locale, PermissionFlagsBits } from 'discord.js';
import { describe, expect, test } from 'vitest';
import type { Dependencies } from '../../../../src/adapters/discord/interactions/dependencies.ts';
import { next } from '../../../stand-ins/discord/real-client.ts';
import { command, option, reply } from './fake-bot.ts';
import { serving } from './serving.ts';

test('a slash command is acknowledged before it is carried out, and its reply takes the place', async () => {
  const release = Promise.withResolvers<void>();
  const { ann, bot } = await serving();
  bot.answers = async () => {
    await release.promise;
    return reply('Listed.');
  };
  const used = ann.uses('list');
  expect(await used.acknowledged()).toEqual({ deferred: true, ephemeral: false });
  release.resolve();
  expect((await used.reply()).content).toBe('Listed.');
});

test('the bot hears who asked for what, where, and in which language', async () => {
  const { guild, bot } = await serving();
  const role = guild.addRole('Trainers');
  const manager = guild.addMember('Mia', {
    roles: [role, guild.addRole('Managers', PermissionFlagsBits.ManageGuild)],
    locale: Locale.Russian,
  });
  const used = manager.uses('promote', { model: 'last' });
  await used.reply();
  expect(bot.heard).toMatchObject([
    {
      id: used.record.id,
      input: { kind: 'command', name: 'promote', options: { model: 'last' } },
      actor: { id: manager.id, manager: true },
      scope: guild.id,
      channel: guild.general.id,
      origin: 'interaction',
      surface: 'discord',
      locale: 'ru',
    },
  ]);
  expect(bot.heard[0]?.actor.roles).toContain(role.id);
  expect(bot.heard[0]?.actor.roles).not.toContain(guild.id);
});

test('the bot is told the language of the person and of the place', async () => {
  const { discord, bot } = await serving();
  const russian = discord.createGuild('Тренеры', { locale: Locale.Russian });
  const german = russian.addMember('Gerd', { locale: Locale.German });
  await german.uses('list').reply();
  expect(bot.heard).toMatchObject([{ locale: 'de', placeLocale: 'ru' }]);
});

test('in direct messages there is no guild, and everybody runs their own place', async () => {
  const { ann, bot } = await serving();
  await ann.uses('list', {}, { in: ann.directMessages }).reply();
  expect(bot.heard).toMatchObject([
    { scope: `dm-${ann.directMessages.id}`, actor: { id: ann.id, manager: true, roles: [] } },
  ]);
});

test('whatever is filled in reaches the bot as text', async () => {
  const { guild, ann, bot } = await serving([
    command('all', {
      takesFile: true,
      options: [
        option('text'),
        option('verify', { kind: 'yes or no' }),
        option('limit', { kind: 'count', most: 100 }),
        option('format', { kind: 'choice', choices: ['sft', 'dpo'] }),
        option('trainers', { kind: 'role' }),
        option('channels', { kind: 'channel' }),
      ],
    }),
  ]);
  const roles = [guild.addRole('One'), guild.addRole('Two')] as const;
  await ann
    .uses('all', {
      text: '  as it was typed\n',
      verify: false,
      limit: 100,
      format: 'dpo',
      trainers: roles[0],
      trainers_3: roles[1],
      trainers_2: roles[0],
      no_channels: true,
      file: { name: 'faq.jsonl', bytes: Buffer.from('{}') },
    })
    .reply();
  expect(bot.heard[0]?.input).toEqual({
    kind: 'command',
    name: 'all',
    options: {
      text: '  as it was typed\n',
      verify: 'false',
      limit: '100',
      format: 'dpo',
      trainers: `${roles[0].id},${roles[1].id}`,
      channels: 'none',
    },
  });
});

describe('only the person who asked sees', () => {
  test('a private command, from its acknowledgement on', async () => {
    const { guild, ann, bot } = await serving();
    bot.answers = () => reply('For your eyes only.', { isPrivate: true });
    const used = ann.uses('secret');
    expect(await used.acknowledged()).toEqual({ deferred: true, ephemeral: true });
    expect((await used.reply()).isEphemeral).toBe(true);
    expect(guild.general.messages).toEqual([]);
  });

  test('what went wrong with a public command, at no moment', async () => {
    const { guild, ann, bot } = await serving();
    bot.answers = () => reply('There is no such answer.', { ok: false, isPrivate: true });
    const used = ann.uses('list');
    const told = await used.followUp();
    expect(told.content).toBe('There is no such answer.');
    expect(told.isEphemeral).toBe(true);
    const shown = guild.general.messages;
    expect(shown.every(({ isDeleted }) => isDeleted)).toBe(true);
    expect(shown.flatMap(({ history }) => history.map(({ content }) => content)).join('')).toBe('');
  });
});

test('a command of an older registration ends in a sentence', async () => {
  const { guild, ann, client, bot } = await serving();
  bot.answers = ({ input }) =>
    reply(`There is no command ${input.kind === 'command' && input.name}.`, { ok: false, isPrivate: true });
  await client.application.commands.create({
    name: 'forgotten',
    description: 'was there once',
    options: [
      {
        type: 1,
        name: 'deep',
        description: 'inside',
        options: [{ type: 3, name: 'text', description: 'text' }],
      },
    ],
  });
  const answer = await ann.uses('forgotten deep', { text: 'x' }).reply();
  expect(answer.content).toBe('There is no command forgotten.');
  expect(answer.isEphemeral).toBe(true);
  expect(guild.general.messages).toEqual([]);
});

test('what Discord tells twice after a lost connection is carried out once', async () => {
  const { discord, guild, ann, client, bot, log, rejected } = await serving();
  let runs = 0;
  bot.answers = () => reply(`run ${++runs}`);
  const told: string[] = [];
  client.on(Events.InteractionCreate, ({ id }) => told.push(id));
  const used = ann.uses('list');
  expect((await used.reply()).content).toBe('run 1');
  discord.gateway.onNextResume({ rewind: 3 });
  const resumed = next(client, Events.ShardResume);
  discord.gateway.cut();
  await resumed;
  await expect.poll(() => told).toEqual([used.record.id, used.record.id]);
  expect((await ann.uses('list').reply()).content).toBe('run 2');
  expect(guild.general.messages.map(({ content }) => content)).toEqual(['run 1', 'run 2']);
  expect(log.failures).toEqual([]);
  expect(rejected).toEqual([]);
});

test('what arrives when Discord has given up waiting is not carried out', async () => {
  const { discord, ann, bot, log, rejected } = await serving();
  const late = discord.rest.faults.hold('POST /interactions/:interaction/:token/callback');
  const used = ann.uses('list');
  await late.reached;
  discord.clock.advance(3_001);
  late.release();
  expect(await used.refusal()).toContain('Unknown interaction');
  await expect.poll(() => log.warnings).toEqual(['an interaction could not be acknowledged']);
  expect(bot.heard).toEqual([]);
  expect(rejected).toEqual([]);
});

test('what Discord was told although its answer got lost is carried out', async () => {
  const { discord, ann, bot, log } = await serving();
  discord.rest.faults.fail('POST /interactions/:interaction/:token/callback', { status: 502, after: true });
  const used = ann.uses('list');
  expect((await used.reply()).content).toBe('done');
  expect(bot.heard).toHaveLength(1);
  expect(log.warnings).toEqual([]);
});

test('a reply for which the token has died is given up, and said in the log', async () => {
  const { discord, ann, bot, log, rejected } = await serving();
  bot.answers = () => {
    discord.clock.advance(14 * 60_000 + 59_000);
    return reply('Just too late.');
  };
  const sent = discord.rest.faults.hold('PATCH /webhooks/:app/:token/messages/:message');
  ann.uses('list');
  await sent.reached;
  discord.clock.advance(2_000);
  sent.release();
  await expect.poll(() => log.warnings).toEqual(['a reply cannot be posted']);
  expect(rejected).toEqual([]);
});

test.each([
  ['before Discord was told that an answer comes', false],
  ['after it', true],
])(
  'what goes wrong inside %s ends in a sentence for the person and an error for the operator',
  async (_, late) => {
    const broken: Dependencies['answering'] = {
      answer: async (_received, _address, acknowledge) => {
        if (late) await acknowledge?.();
        throw new Error('the disk is full');
      },
      knows: () => false,
      refuse: () => undefined,
    };
    const { guild, ann, log, rejected } = await serving(undefined, { answering: broken });
    const used = ann.uses('list');
    const told = late ? await used.followUp() : await used.reply();
    expect(told.content).toContain('Something went wrong inside the bot');
    expect(told.isEphemeral).toBe(true);
    expect(guild.general.messages.every(({ isDeleted }) => isDeleted)).toBe(true);
    expect(log.failures).toEqual(['an interaction failed']);
    expect(rejected).toEqual([]);
  },
);

test('who asks too often is told so, and the bot hears nothing of it', async () => {
  const rateLimits = { take: async () => 'tell' as const };
  const { ann, bot } = await serving(undefined, { rateLimits });
  const told = await ann.uses('list').reply();
  expect(told.content).toBe('That was too often; wait a moment and try again.');
  expect(told.isEphemeral).toBe(true);
  expect(bot.heard).toEqual([]);
});

test('what a menu itself says is in the language of the person', async () => {
  const rateLimits = { take: async () => 'tell' as const };
  const { guild } = await serving(undefined, { rateLimits });
  const russian = guild.addMember('Иван', { locale: Locale.Russian });
  expect((await russian.uses('list').reply()).content).toBe(
    'Слишком часто; подождите немного и попробуйте ещё раз.',
  );
});
