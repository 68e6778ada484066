import {
  type ApplicationCommandData,
  type ApplicationCommandOptionData,
  ApplicationCommandOptionType,
  type ApplicationCommandSubCommandData,
  type ApplicationCommandSubGroupData,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  Locale,
  type LocalizationMap,
  PermissionFlagsBits,
} from 'discord.js';
import { languages } from '../../../domain/languages/languages.ts';
import type { CommandDescription, Localised, OptionDefinition } from '../../../domain/surface.ts';
import { shortened } from '../rendering/shortened.ts';
import { FILE, hasSuggestions, NO_PREFIX, slotsOf } from './command-options.ts';

const MAX_DESCRIPTION = 100;
const MAX_CHOICES = 25;
const MAX_CHOICE = 100;

/** In direct messages there are no voice channels. */
const ofAGuild: ReadonlySet<string> = new Set(['join', 'leave', 'skip', 'silence', 'listen']);

const textChannels = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildForum,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
] as const;

type BasicOption = Exclude<
  ApplicationCommandOptionData,
  ApplicationCommandSubCommandData | ApplicationCommandSubGroupData
>;

/** The names under which the menu of a message has our commands. */
export const messageMenus = languages.en.actions.menu;

/** Everything that Discord is to show of the bot's commands, in both languages and within Discord's limits. */
export function commandDefinitions(
  commands: readonly CommandDescription[],
): readonly ApplicationCommandData[] {
  return [...commands.map(slashCommand), messageMenu('correct'), messageMenu('history')];
}

function slashCommand(command: CommandDescription): ApplicationCommandData {
  const options: readonly BasicOption[] = [
    ...command.options.flatMap(optionsFor(command)),
    ...(command.takesFile ? [fileOption()] : []),
  ];
  return {
    ...named(command.name, command.localisedName),
    ...described(command.summary),
    type: ApplicationCommandType.ChatInput,
    // Discord takes required options first; a line has them in the order of the description.
    options: [...options.filter(({ required }) => required), ...options.filter(({ required }) => !required)],
    defaultMemberPermissions: command.right === 'everyone' ? null : PermissionFlagsBits.ManageGuild,
    // There everybody is their own trainer, and Discord knows no permissions.
    contexts: ofAGuild.has(command.name)
      ? [InteractionContextType.Guild]
      : [InteractionContextType.Guild, InteractionContextType.BotDM],
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    nsfw: false,
  };
}

function messageMenu(menu: keyof typeof messageMenus): ApplicationCommandData {
  return {
    ...named(messageMenus[menu], { en: messageMenus[menu], ru: languages.ru.actions.menu[menu] }),
    type: ApplicationCommandType.Message,
    defaultMemberPermissions: null,
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    integrationTypes: [ApplicationIntegrationType.GuildInstall],
    nsfw: false,
  };
}

function optionsFor(command: CommandDescription) {
  return (option: OptionDefinition): readonly BasicOption[] => {
    const base = {
      ...named(option.name, option.localisedName),
      ...described(option.description),
      required: option.required,
    };
    const { shape } = option;
    switch (shape.kind) {
      case 'text':
      case 'reference':
      case 'trainer':
        return [
          hasSuggestions(command, option)
            ? { ...base, type: ApplicationCommandOptionType.String, autocomplete: true }
            : { ...base, type: ApplicationCommandOptionType.String },
        ];
      case 'yes or no':
        return [{ ...base, type: ApplicationCommandOptionType.Boolean }];
      case 'count':
        return [{ ...base, type: ApplicationCommandOptionType.Integer, minValue: 1, maxValue: shape.most }];
      case 'choice':
        return [
          {
            ...base,
            type: ApplicationCommandOptionType.String,
            choices: shape.choices.slice(0, MAX_CHOICES).map((choice) => {
              const { en, ru } = option.localisedChoices[choice] ?? { en: choice, ru: choice };
              const called = { en: shortened(en, MAX_CHOICE), ru: shortened(ru, MAX_CHOICE) };
              return { ...named(called.en, called), value: choice };
            }),
          },
        ];
      case 'role':
        return severalOf(option, (one) => ({ ...one, type: ApplicationCommandOptionType.Role }));
      case 'channel':
        return severalOf(option, (one) => ({
          ...one,
          type: ApplicationCommandOptionType.Channel,
          channelTypes: [...textChannels],
        }));
    }
  };
}

type Base = ReturnType<typeof named> & ReturnType<typeof described> & { readonly required: boolean };

/** Discord has one role or channel in one option, so there are some options more, and one for none at all. */
function severalOf(option: OptionDefinition, typed: (base: Base) => BasicOption): readonly BasicOption[] {
  const { name, localisedName, description, required } = option;
  const slots = slotsOf(name).map((slot, index) => {
    const number = index + 1;
    const words =
      number === 1
        ? description
        : inEach((language) => languages[language].interactions.more(localisedName[language], number));
    const suffix = slot.slice(name.length);
    return typed({
      ...named(
        slot,
        inEach((language) => localisedName[language] + suffix),
      ),
      ...described(words),
      required: required && number === 1,
    });
  });
  const none: BasicOption = {
    ...named(
      NO_PREFIX + name,
      inEach((language) => languages[language].interactions.noneName(localisedName[language])),
    ),
    ...described(inEach((language) => languages[language].interactions.none(localisedName[language]))),
    required: false,
    type: ApplicationCommandOptionType.Boolean,
  };
  return [...slots, none];
}

function fileOption(): BasicOption {
  return {
    ...named(
      FILE,
      inEach((language) => languages[language].interactions.file.name),
    ),
    ...described(inEach((language) => languages[language].interactions.file.description)),
    type: ApplicationCommandOptionType.Attachment,
    required: false,
  };
}

/** The name by which Discord tells us of it is the same in every language. */
function named(name: string, { ru }: Localised): { name: string; nameLocalizations: LocalizationMap } {
  return { name, nameLocalizations: { [Locale.Russian]: ru } };
}

function described({ en, ru }: Localised): {
  description: string;
  descriptionLocalizations: LocalizationMap;
} {
  return {
    description: shortened(en, MAX_DESCRIPTION),
    descriptionLocalizations: { [Locale.Russian]: shortened(ru, MAX_DESCRIPTION) },
  };
}

function inEach(say: (language: keyof Localised) => string): Localised {
  return { en: say('en'), ru: say('ru') };
}
