import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ChannelType,
  ComponentType,
  SelectMenuDefaultValueType,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { discordIssue, list, snowflake, text } from '../form-errors.ts';

const MAX_ROWS = 5;
const MAX_BUTTONS_A_ROW = 5;

export const customId = text({ min: 1, max: 100 });
export const componentId = z.int().min(0).exactOptional();

const emoji = z.object({
  id: snowflake.exactOptional(),
  name: text({ max: 32 }).exactOptional(),
  animated: z.boolean().exactOptional(),
});

const anyButton = {
  type: z.literal(ComponentType.Button),
  id: componentId,
  label: text({ max: 80 }).exactOptional(),
  emoji: emoji.exactOptional(),
  disabled: z.boolean().exactOptional(),
};

const button = z
  .discriminatedUnion('style', [
    z.object({
      ...anyButton,
      style: z.literal([ButtonStyle.Primary, ButtonStyle.Secondary, ButtonStyle.Success, ButtonStyle.Danger]),
      custom_id: customId,
    }),
    z.object({
      ...anyButton,
      style: z.literal(ButtonStyle.Link),
      url: z.url({ protocol: /^(https?|discord)$/ }).max(512),
    }),
  ])
  .superRefine(({ label = '', emoji: picture }, context) => {
    if (label !== '' || picture !== undefined) return;
    context.addIssue(discordIssue('BASE_TYPE_REQUIRED', 'A label or an emoji is required', ['label']));
  });

const anySelect = {
  id: componentId,
  custom_id: customId,
  placeholder: text({ max: 150 }).exactOptional(),
  min_values: z.int().min(0).max(25).exactOptional(),
  max_values: z.int().min(1).max(25).exactOptional(),
  disabled: z.boolean().exactOptional(),
  required: z.boolean().exactOptional(),
};

function defaultsOf<Kind extends SelectMenuDefaultValueType>(kind: Kind) {
  return z.array(z.object({ id: snowflake, type: z.literal(kind) })).exactOptional();
}

export const stringSelect = z
  .object({
    ...anySelect,
    type: z.literal(ComponentType.StringSelect),
    options: list(
      z.object({
        label: text({ min: 1, max: 100 }),
        value: text({ min: 1, max: 100 }),
        description: text({ max: 100 }).exactOptional(),
        emoji: emoji.exactOptional(),
        default: z.boolean().exactOptional(),
      }),
      { min: 1, max: 25 },
    ),
  })
  .superRefine(({ options }, context) => {
    if (new Set(options.map(({ value }) => value)).size === options.length) return;
    context.addIssue(
      discordIssue('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used', [
        'options',
      ]),
    );
  });

const inActionRow = z.union([
  button,
  stringSelect,
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.UserSelect),
    default_values: defaultsOf(SelectMenuDefaultValueType.User),
  }),
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.RoleSelect),
    default_values: defaultsOf(SelectMenuDefaultValueType.Role),
  }),
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.ChannelSelect),
    channel_types: z.array(z.enum(ChannelType)).exactOptional(),
    default_values: defaultsOf(SelectMenuDefaultValueType.Channel),
  }),
]) satisfies z.ZodType<APIComponentInMessageActionRow>;

const actionRow = z
  .object({
    type: z.literal(ComponentType.ActionRow),
    id: componentId,
    components: list(inActionRow, { min: 1, max: MAX_BUTTONS_A_ROW }),
  })
  .superRefine(({ components }, context) => {
    if (components.length === 1 || components.every(({ type }) => type === ComponentType.Button)) return;
    context.addIssue(
      discordIssue('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width', [
        'components',
        1,
      ]),
    );
  });

/** Rows of buttons and menus under a message. Discord numbers what has no id. */
export const messageComponents = list(actionRow, { max: MAX_ROWS })
  .superRefine((rows, context) => {
    const seen = new Set<string>();
    for (const [r, { components }] of rows.entries()) {
      for (const [c, component] of components.entries()) {
        const id = 'custom_id' in component ? component.custom_id : undefined;
        if (id === undefined) continue;
        if (seen.has(id)) context.addIssue(duplicateCustomId([r, 'components', c, 'custom_id']));
        seen.add(id);
      }
    }
  })
  .transform((rows): APIActionRowComponent<APIComponentInMessageActionRow>[] => {
    let last = 0;
    return rows.map((row) => ({
      ...row,
      id: row.id ?? ++last,
      components: row.components.map((component) => ({
        ...completed(component),
        id: component.id ?? ++last,
      })),
    }));
  });

/** What Discord adds to a menu that says nothing about it. */
function completed(component: z.output<typeof inActionRow>): APIComponentInMessageActionRow {
  return component.type === ComponentType.Button ? component : { min_values: 1, max_values: 1, ...component };
}

export function duplicateCustomId(path: readonly PropertyKey[]) {
  return discordIssue('COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated', path);
}
