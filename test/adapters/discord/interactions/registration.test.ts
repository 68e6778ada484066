import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ChannelType,
  InteractionContextType,
  Locale,
  PermissionFlagsBits,
} from 'discord.js';
import { expect, test } from 'vitest';
import { registerCommands } from '../../../../src/adapters/discord/interactions/registration.ts';
import { describeCommand } from '../../../../src/bot/command.ts';
import { commands as all } from '../../../../src/bot/commands/all.ts';
import type { CommandDescription } from '../../../../src/domain/surface.ts';
import { loggedIn, startStandIn } from '../../../stand-ins/discord/real-client.ts';
import { RecordedLog } from './recorded-log.ts';

const ours = all.map(describeCommand);

const everything: CommandDescription = {
  name: 'everything',
  localisedName: { en: 'everything', ru: 'всё' },
  summary: { en: `shows ${'every kind of option '.repeat(9)}`, ru: 'показывает всё' },
  right: 'everyone',
  options: [
    option('verify', { kind: 'yes or no' }),
    option('limit', { kind: 'count', most: 100 }),
    option('format', { kind: 'choice', choices: ['sft', 'dpo'] }),
    option('answer', { kind: 'reference', of: 'answer' }),
    option('text', { kind: 'text' }, { required: true }),
    option('trainers', { kind: 'role' }),
    option('channels', { kind: 'channel' }),
  ],
  takesFile: true,
  isPrivate: false,
};

function option(
  name: string,
  shape: CommandDescription['options'][number]['shape'],
  { required = false } = {},
): CommandDescription['options'][number] {
  const words = { en: `the ${name}`, ru: `это ${name}` };
  const localisedChoices = { dpo: { en: 'dpo', ru: 'дпо' } };
  return {
    name,
    localisedName: { en: name, ru: `х_${name}` },
    description: words,
    required,
    shape,
    localisedChoices,
  };
}

async function registered(commands: readonly CommandDescription[]) {
  const discord = await startStandIn();
  const guild = discord.createGuild('Trainers');
  const member = guild.addMember('Ann');
  const client = await loggedIn(discord);
  const log = new RecordedLog();
  const register = (described = commands) => registerCommands(client, { bot: { commands: described }, log });
  await register();
  const overwrites = () => discord.rest.exchanges.all.filter(({ route }) => route.startsWith('PUT ')).length;
  return { discord, guild, member, log, register, overwrites };
}

test('every command of the bot is there as a slash command, with those of the message menu', async () => {
  const { guild, log } = await registered(ours);
  const seen = guild.owner.seesCommands();
  const names = (type: ApplicationCommandType) =>
    seen.filter((one) => one.type === type).map(({ name }) => name);
  expect(names(ApplicationCommandType.ChatInput)).toEqual(ours.map(({ name }) => name));
  expect(names(ApplicationCommandType.Message)).toEqual(['Correct this reply', 'Where does this come from?']);
  expect(log.failures).toEqual([]);
});

test('names and descriptions are there in Russian too', async () => {
  const { guild } = await registered(ours);
  const correct = guild.owner.seesCommands().find(({ name }) => name === 'correct');
  const described = ours.find(({ name }) => name === 'correct');
  expect(correct?.name_localizations).toEqual({ [Locale.Russian]: described?.localisedName.ru });
  expect(correct?.description_localizations?.[Locale.Russian]).toBe(described?.summary.ru);
  const menu = guild.owner.seesCommands().find(({ name }) => name === 'Correct this reply');
  expect(menu?.name_localizations).toEqual({ [Locale.Russian]: 'Исправить этот ответ' });
});

test('no two commands, and no two options of one, have the same name in any language', async () => {
  const { guild } = await registered(ours);
  const slash = guild.owner.seesCommands().filter(({ type }) => type === ApplicationCommandType.ChatInput);
  for (const named of [slash, ...slash.map(({ options }) => options ?? [])]) {
    const names = named.map(({ name }) => name);
    const russian = named.map(({ name_localizations: others }) => others?.[Locale.Russian]);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(russian).size).toBe(names.length);
  }
});

test('options are of the kind that they hold, the required ones first', async () => {
  const { guild } = await registered([everything]);
  const [command] = guild.owner.seesCommands();
  const kinds = command?.options?.map(({ name, type }) => [name, ApplicationCommandOptionType[type]]);
  expect(kinds).toEqual([
    ['text', 'String'],
    ['verify', 'Boolean'],
    ['limit', 'Integer'],
    ['format', 'String'],
    ['answer', 'String'],
    ['trainers', 'Role'],
    ['trainers_2', 'Role'],
    ['trainers_3', 'Role'],
    ['no_trainers', 'Boolean'],
    ['channels', 'Channel'],
    ['channels_2', 'Channel'],
    ['channels_3', 'Channel'],
    ['no_channels', 'Boolean'],
    ['file', 'Attachment'],
  ]);
  const named = (name: string) => command?.options?.find((one) => one.name === name);
  expect(named('limit')).toMatchObject({ min_value: 1, max_value: 100 });
  expect(named('format')).toMatchObject({
    choices: [
      { name: 'sft', value: 'sft' },
      { name: 'dpo', name_localizations: { ru: 'дпо' }, value: 'dpo' },
    ],
  });
  expect(named('answer')).toMatchObject({ autocomplete: true, name_localizations: { ru: 'х_answer' } });
  expect(named('text')).toMatchObject({ required: true });
  expect(named('channels')).toMatchObject({
    channel_types: expect.arrayContaining([ChannelType.GuildText, ChannelType.GuildForum]),
  });
  expect(named('trainers_2')?.name_localizations).toEqual({ ru: 'х_trainers_2' });
});

test('a description that is too long for Discord ends at a word', async () => {
  const { guild } = await registered([everything]);
  const [command] = guild.owner.seesCommands();
  expect(command?.description).toMatch(/^shows every kind of .+ (every|kind|of|option)…$/);
  expect(command?.description.length).toBeLessThanOrEqual(100);
});

test('what is for trainers is shown to those who manage the server, and to everybody in direct messages', async () => {
  const { guild, member } = await registered(ours);
  const shownTo = (commands: readonly { readonly name: string }[]) => commands.map(({ name }) => name);
  const forAll = ours.filter(({ right }) => right === 'everyone').map(({ name }) => name);
  const menus = ['Correct this reply', 'Where does this come from?'];
  expect(shownTo(member.seesCommands())).toEqual([...forAll, ...menus]);
  const direct = shownTo(member.seesCommands({ in: member.directMessages }));
  const ofVoice = ['join', 'leave', 'skip', 'silence', 'listen'];
  expect(direct).toEqual([
    ...ours.map(({ name }) => name).filter((name) => !ofVoice.includes(name)),
    ...menus,
  ]);
  const promote = guild.owner.seesCommands().find(({ name }) => name === 'promote');
  expect(promote).toMatchObject({
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  });
});

test('what is there already is not registered again', async () => {
  const { register, overwrites } = await registered([...ours, everything]);
  expect(overwrites()).toBe(1);
  await register();
  expect(overwrites()).toBe(1);
});

test.each<[string, (commands: readonly CommandDescription[]) => readonly CommandDescription[]]>([
  ['a command is new', (commands) => [...commands, everything]],
  ['a command is gone', (commands) => commands.slice(1)],
  [
    'a Russian word has changed',
    ([first, ...others]) => changed(first, { summary: { en: 'as it was', ru: 'иначе' } }, others),
  ],
  ['who may do it has changed', ([first, ...others]) => changed(first, { right: 'trainer' }, others)],
  [
    'options have changed places',
    ([first, ...others]) => changed(first, { options: first?.options.toReversed() ?? [] }, others),
  ],
])('all are registered at once where %s', async (_, change) => {
  const base: CommandDescription = {
    ...everything,
    name: 'base',
    summary: { en: 'as it was', ru: 'как было' },
  };
  const { guild, register, overwrites } = await registered([base, ...ours]);
  const next = change([base, ...ours]);
  await register(next);
  expect(overwrites()).toBe(2);
  const slash = guild.owner.seesCommands().filter(({ type }) => type === ApplicationCommandType.ChatInput);
  expect(slash.map(({ name }) => name)).toEqual(next.map(({ name }) => name));
});

function changed(
  command: CommandDescription | undefined,
  change: Partial<CommandDescription>,
  others: readonly CommandDescription[],
): readonly CommandDescription[] {
  if (command === undefined) throw new Error('There is a first one.');
  return [{ ...command, ...change }, ...others];
}

test('a bot whose commands cannot be registered lives on, and says so in the log', async () => {
  const { register, log } = await registered(ours);
  await register([{ ...everything, name: 'Not a name' }]);
  expect(log.failures).toEqual(['the commands could not be registered']);
});
