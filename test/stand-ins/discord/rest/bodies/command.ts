import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  Locale,
  ApplicationCommandOptionType as Option,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { discordIssue, list, snowflake, text } from '../form-errors.ts';

const MAX_OPTIONS = 25;
const MAX_CHOICES = 25;
const MAX_COMMAND = 8000;

const lowercaseName = text({ min: 1, max: 32 })
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]+$/u)
  .refine((name) => name === name.toLowerCase(), {
    params: { code: 'APPLICATION_COMMAND_INVALID_NAME' },
    message: 'Command name is invalid',
  });
const menuName = text({ min: 1, max: 32 });
const description = text({ min: 1, max: 100 });

function localized<Text extends z.ZodType<string>>(value: Text) {
  return z.partialRecord(z.enum(Locale), value).nullable().exactOptional();
}

const anyOption = {
  name: lowercaseName,
  name_localizations: localized(lowercaseName),
  description,
  description_localizations: localized(description),
  required: z.boolean().exactOptional(),
};

function choices<Value extends z.ZodType>(value: Value) {
  return list(
    z.object({
      name: text({ min: 1, max: 100 }),
      name_localizations: localized(text({ min: 1, max: 100 })),
      value,
    }),
    { max: MAX_CHOICES },
  ).exactOptional();
}

const number = { min_value: z.number().exactOptional(), max_value: z.number().exactOptional() };

// With autocomplete there are no choices, and the types say so.
const basicOption = z.union([
  z.object({
    ...anyOption,
    type: z.literal(Option.String),
    autocomplete: z.literal(true),
    min_length: z.int().min(0).max(6000).exactOptional(),
    max_length: z.int().min(1).max(6000).exactOptional(),
  }),
  z.object({
    ...anyOption,
    type: z.literal(Option.String),
    autocomplete: z.literal(false).exactOptional(),
    choices: choices(text({ min: 1, max: 100 })),
    min_length: z.int().min(0).max(6000).exactOptional(),
    max_length: z.int().min(1).max(6000).exactOptional(),
  }),
  z.object({ ...anyOption, ...number, type: z.literal(Option.Integer), autocomplete: z.literal(true) }),
  z.object({
    ...anyOption,
    ...number,
    type: z.literal(Option.Integer),
    autocomplete: z.literal(false).exactOptional(),
    choices: choices(z.int()),
  }),
  z.object({ ...anyOption, ...number, type: z.literal(Option.Number), autocomplete: z.literal(true) }),
  z.object({
    ...anyOption,
    ...number,
    type: z.literal(Option.Number),
    autocomplete: z.literal(false).exactOptional(),
    choices: choices(z.number()),
  }),
  z.object({ ...anyOption, type: z.literal(Option.Boolean) }),
  z.object({ ...anyOption, type: z.literal(Option.User) }),
  z.object({ ...anyOption, type: z.literal(Option.Role) }),
  z.object({ ...anyOption, type: z.literal(Option.Mentionable) }),
  z.object({ ...anyOption, type: z.literal(Option.Attachment) }),
  z.object({
    ...anyOption,
    type: z.literal(Option.Channel),
    channel_types: z.array(z.enum(ChannelType).exclude(['GuildDirectory', 'DM', 'GroupDM'])).exactOptional(),
  }),
]) satisfies z.ZodType<APIApplicationCommandBasicOption>;

const subcommand = z.object({
  ...anyOption,
  type: z.literal(Option.Subcommand),
  options: list(basicOption, { max: MAX_OPTIONS }).superRefine(checkOrder).exactOptional(),
});

const subcommandGroup = z.object({
  ...anyOption,
  type: z.literal(Option.SubcommandGroup),
  options: list(subcommand, { max: MAX_OPTIONS }).superRefine(checkOrder).exactOptional(),
});

const anyOptionOfCommand = z.union([
  subcommand,
  subcommandGroup,
  basicOption,
]) satisfies z.ZodType<APIApplicationCommandOption>;

const anyCommand = {
  id: snowflake.exactOptional(),
  // The bits, written as a string; some clients write a number.
  default_member_permissions: z.string().regex(/^\d+$/).or(z.int().min(0).transform(String)).nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: list(z.enum(InteractionContextType), { min: 1, max: 3 }).nullish(),
  integration_types: list(z.enum(ApplicationIntegrationType), { min: 1, max: 2 }).nullish(),
  nsfw: z.boolean().nullish(),
};

export const commandBody = z
  .union([
    z.object({
      ...anyCommand,
      type: z.literal(ApplicationCommandType.ChatInput).default(ApplicationCommandType.ChatInput),
      name: lowercaseName,
      name_localizations: localized(lowercaseName),
      description,
      description_localizations: localized(description),
      options: list(anyOptionOfCommand, { max: MAX_OPTIONS })
        .superRefine(checkOrder)
        .superRefine(checkKinds)
        .exactOptional(),
    }),
    z.object({
      ...anyCommand,
      type: z.literal([ApplicationCommandType.User, ApplicationCommandType.Message]),
      name: menuName,
      name_localizations: localized(menuName),
      description: z.literal('').default(''),
    }),
  ])
  .superRefine((command, context) => {
    if (sizeOf(command) <= MAX_COMMAND) return;
    context.addIssue(
      discordIssue(
        'APPLICATION_COMMAND_TOO_LARGE',
        `Command exceeds maximum size (${MAX_COMMAND}); name, description and values count`,
      ),
    );
  });

export type CommandBody = z.output<typeof commandBody>;

interface Ordered {
  readonly name: string;
  readonly required?: boolean;
}

function checkOrder(options: readonly Ordered[], context: z.RefinementCtx): void {
  const names = new Set<string>();
  let optionalBefore = false;
  for (const [index, { name, required = false }] of options.entries()) {
    if (names.has(name))
      context.addIssue(
        discordIssue('APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option name already exists', [
          index,
          'name',
        ]),
      );
    if (required && optionalBefore)
      context.addIssue(
        discordIssue(
          'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
          'Required options must be placed before non-required options',
          [index],
        ),
      );
    names.add(name);
    optionalBefore ||= !required;
  }
}

function checkKinds(options: readonly { readonly type: Option }[], context: z.RefinementCtx): void {
  const nested = options.filter(({ type }) => type === Option.Subcommand || type === Option.SubcommandGroup);
  if (nested.length === 0 || nested.length === options.length) return;
  context.addIssue(
    discordIssue(
      'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
      'Sub-command and sub-command group option types are mutually exclusive to all other types',
    ),
  );
}

/** Of a text and its translations, the longest counts. */
function sizeOf(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const entries = new Map<string, unknown>(Object.entries(node));
  const texts = ['name', 'description', 'value'].map((key) => {
    const translations = entries.get(`${key}_localizations`) ?? {};
    const all = [entries.get(key), ...Object.values(translations)];
    return Math.max(...all.map((one) => (typeof one === 'string' ? [...one].length : 0)));
  });
  return (
    texts.reduce((sum, length) => sum + length, 0) +
    sizeOf(entries.get('options')) +
    sizeOf(entries.get('choices'))
  );
}
