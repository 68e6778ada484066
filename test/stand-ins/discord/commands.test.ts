import {
  type ApplicationCommandDataResolvable,
  Locale,
  PermissionFlagsBits,
  Routes,
  SlashCommandBuilder,
} from 'discord.js';
import { expect, test } from 'vitest';
import { loggedIn, startStandIn } from './real-client.ts';

async function ready() {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const client = await loggedIn(discord);
  return { discord, guild, client, commands: client.application.commands };
}

function command(name: string): SlashCommandBuilder {
  return new SlashCommandBuilder().setName(name).setDescription(`What ${name} does`);
}

test('commands are registered for everywhere and for one guild, and keep their ids', async () => {
  const { guild, commands } = await ready();
  const other = guild.addMember('Ann');
  const first = await commands.set([command('ask'), command('train')]);
  await commands.set([command('secret')], guild.id);
  const second = await commands.set([command('train'), command('promote')]);
  const idOf = (all: typeof first, name: string) => all.find((one) => one.name === name)?.id;
  expect(idOf(second, 'train')).toBe(idOf(first, 'train'));
  expect((await commands.fetch()).map(({ name }) => name)).toEqual(['train', 'promote']);
  expect(other.seesCommands().map(({ name }) => name)).toEqual(['train', 'promote', 'secret']);
  const added = await commands.create(command('extra'));
  await commands.delete(added.id);
  await expect(commands.delete(added.id)).rejects.toMatchObject({ code: 10063 });
});

test('only those see a command who may use it, and only where', async () => {
  const { guild, commands } = await ready();
  const ann = guild.addMember('Ann');
  const trainer = guild.addMember('Tom', {
    roles: [guild.addRole('Trainers', PermissionFlagsBits.ManageGuild)],
  });
  await commands.set([
    command('ask'),
    command('train').setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild).setContexts([0]),
  ]);
  const names = (who: typeof ann, where?: Parameters<typeof ann.seesCommands>[0]) =>
    who.seesCommands(where).map(({ name }) => name);
  expect(names(ann)).toEqual(['ask']);
  expect(names(trainer)).toEqual(['ask', 'train']);
  expect(names(trainer, { in: trainer.directMessages })).toEqual(['ask']);
  guild.letUse('train', ann);
  expect(names(ann)).toEqual(['ask', 'train']);
});

test('names and descriptions in other languages are kept', async () => {
  const { discord, guild, client, commands } = await ready();
  await commands.set([command('ask').setNameLocalization(Locale.Russian, 'спросить')]);
  expect(guild.owner.seesCommands()[0]?.name_localizations).toEqual({ ru: 'спросить' });
  const list = (query: string) =>
    client.rest.get(`${Routes.applicationCommands(discord.applicationId)}?${query}`);
  expect(await list('with_localizations=true')).toMatchObject([{ name_localizations: { ru: 'спросить' } }]);
  expect(await list('')).not.toMatchObject([{ name_localizations: expect.anything() }]);
});

const text = { type: 3, name: 'text', description: 'A text' } as const;

const wrong: readonly { what: string; command: ApplicationCommandDataResolvable; error: RegExp }[] = [
  {
    what: 'a name with a capital',
    command: { name: 'Ask', description: 'x' },
    error: /0\.name\[APPLICATION_COMMAND_INVALID_NAME\]/,
  },
  {
    what: 'a name with a space',
    command: { name: 'ask me', description: 'x' },
    error: /0\.name\[STRING_TYPE_REGEX\]/,
  },
  {
    what: 'no description',
    command: { name: 'ask', description: '' },
    error: /0\.description\[BASE_TYPE_BAD_LENGTH\]/,
  },
  {
    what: 'a long description',
    command: { name: 'ask', description: 'x'.repeat(101) },
    error: /0\.description\[BASE_TYPE_BAD_LENGTH\]/,
  },
  {
    what: '26 options',
    command: {
      name: 'ask',
      description: 'x',
      options: Array.from({ length: 26 }, (_, n) => ({ ...text, name: `o${n}` })),
    },
    error: /0\.options\[BASE_TYPE_MAX_LENGTH\]/,
  },
  {
    what: '26 choices',
    command: {
      name: 'ask',
      description: 'x',
      options: [
        { ...text, choices: Array.from({ length: 26 }, (_, n) => ({ name: `${n}`, value: `${n}` })) },
      ],
    },
    error: /0\.options\[0\]\.choices\[BASE_TYPE_MAX_LENGTH\]/,
  },
  {
    what: 'a required option after an optional one',
    command: { name: 'ask', description: 'x', options: [text, { ...text, name: 'other', required: true }] },
    error: /APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID/,
  },
  {
    what: 'two options of one name',
    command: { name: 'ask', description: 'x', options: [text, text] },
    error: /APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS/,
  },
  {
    what: 'an unknown language',
    command: { name: 'ask', description: 'x', nameLocalizations: { tlh: 'tlhob' } as never },
    error: /name_localizations/,
  },
  {
    what: 'more than 8000 characters',
    command: {
      name: 'ask',
      description: 'x',
      options: Array.from({ length: 25 }, (_, n) => ({
        ...text,
        name: `o${n}`,
        description: 'x'.repeat(100),
        choices: Array.from({ length: 3 }, (_, c) => ({ name: `${c}`.padEnd(80, 'x'), value: `${c}` })),
      })),
    },
    error: /APPLICATION_COMMAND_TOO_LARGE/,
  },
];

test.each(wrong)('a command with $what is refused', async ({ command: data, error }) => {
  const { commands } = await ready();
  await expect(commands.set([data])).rejects.toThrow(error);
});

test('two commands of one name are refused', async () => {
  const { commands } = await ready();
  await expect(commands.set([command('ask'), command('ask')])).rejects.toThrow(
    /APPLICATION_COMMANDS_DUPLICATE_NAME/,
  );
});
