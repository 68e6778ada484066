import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandInteractionDataBasicOption,
  type APIApplicationCommandInteractionDataOption,
  type APIApplicationCommandOption,
  type InteractionType,
  ApplicationCommandOptionType as Option,
} from 'discord-api-types/v10';

/** What can be filled in under a command, or under one of its subcommands. */
export interface Place {
  readonly definitions: readonly APIApplicationCommandBasicOption[];
  /** What was filled in, at its place under the command. */
  wrap<Type extends InteractionType>(
    filled: APIApplicationCommandInteractionDataBasicOption<Type>[],
  ): APIApplicationCommandInteractionDataOption<Type>[];
}

/** @param path the names of the subcommand and of the group that it is in; empty for the command itself */
export function placeOf(options: readonly APIApplicationCommandOption[], path: readonly string[]): Place {
  const [name, inner] = path;
  if (name === undefined) {
    const definitions = options.filter(isBasic);
    if (definitions.length < options.length) throw new Error('The command is used by its subcommands only.');
    return { definitions, wrap: (filled) => filled };
  }
  const named = options.find((option) => option.name === name);
  if (named?.type === Option.Subcommand && inner === undefined)
    return {
      definitions: named.options ?? [],
      wrap: (filled) => [{ type: Option.Subcommand, name, options: filled }],
    };
  if (named?.type === Option.SubcommandGroup) {
    const subcommand = named.options?.find((option) => option.name === inner);
    if (subcommand !== undefined)
      return {
        definitions: subcommand.options ?? [],
        wrap: (filled) => [
          {
            type: Option.SubcommandGroup,
            name,
            options: [{ type: Option.Subcommand, name: subcommand.name, options: filled }],
          },
        ],
      };
  }
  throw new Error(`The command has no subcommand ${path.join(' ')}.`);
}

function isBasic(option: APIApplicationCommandOption): option is APIApplicationCommandBasicOption {
  return option.type !== Option.Subcommand && option.type !== Option.SubcommandGroup;
}
