import { ApplicationCommandOptionType, type Attachment, type CommandInteractionOption } from 'discord.js';
import type { CommandDescription, CommandRequest, OptionDefinition } from '../../../domain/surface.ts';

/** The option of commands that take a file. */
export const FILE = 'file';
/** Stands before the name of an option of roles or channels, for a yes that means none of them. */
export const NO_PREFIX = 'no_';
/** How the bot is told so. */
const NONE = 'none';
const SLOTS = 3;

/** The options of Discord that together make one of several roles or channels. */
export function slotsOf(option: string): readonly string[] {
  return Array.from({ length: SLOTS }, (_, index) => (index === 0 ? option : `${option}_${index + 1}`));
}

/** Whether the bot knows what the option could be while it is typed. */
export function hasSuggestions(
  { name }: CommandDescription,
  { name: option, shape }: OptionDefinition,
): boolean {
  return shape.kind === 'reference' || shape.kind === 'trainer' || (name === 'help' && option === 'command');
}

export interface Given {
  readonly options: CommandRequest['options'];
  readonly attachments: readonly Attachment[];
}

/**
 * What a person filled into a slash command, as the bot takes it: every option a text.
 * @param command null for one that we no longer have, as it may still be shown to somebody
 */
export function givenOptions(
  command: CommandDescription | null,
  data: readonly CommandInteractionOption[],
): Given {
  const filled = new Map(
    data.flatMap(({ name, type, value }) =>
      value === undefined || type === ApplicationCommandOptionType.Attachment
        ? []
        : [[name, String(value)] as const],
    ),
  );
  for (const { name, shape } of command?.options ?? []) {
    if (shape.kind === 'role' || shape.kind === 'channel') gather(filled, name);
  }
  return {
    options: Object.fromEntries(filled),
    attachments: data.flatMap(({ attachment }) => attachment ?? []),
  };
}

function gather(filled: Map<string, string>, option: string): void {
  const chosen = slotsOf(option).flatMap((slot) => filled.get(slot) ?? []);
  const none = filled.get(NO_PREFIX + option) === 'true';
  for (const name of [...slotsOf(option), NO_PREFIX + option]) filled.delete(name);
  if (chosen.length > 0) filled.set(option, [...new Set(chosen)].join(','));
  else if (none) filled.set(option, NONE);
}
