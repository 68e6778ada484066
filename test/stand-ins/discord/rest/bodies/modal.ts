import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  TextInputStyle,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { discordIssue, list, text } from '../form-errors.ts';
import { componentId, customId, duplicateCustomId, stringSelect } from './components.ts';

const anyTextInput = {
  type: z.literal(ComponentType.TextInput),
  id: componentId,
  custom_id: customId,
  style: z.enum(TextInputStyle),
  placeholder: text({ max: 100 }).exactOptional(),
  value: text({ max: 4000 }).exactOptional(),
  min_length: z.int().min(0).max(4000).exactOptional(),
  max_length: z.int().min(1).max(4000).exactOptional(),
  required: z.boolean().exactOptional(),
};

type Bounds = { readonly min_length?: number; readonly max_length?: number; readonly value?: string };

function checkBounds(
  { min_length: min = 0, max_length: max = 4000, value }: Bounds,
  context: z.RefinementCtx,
) {
  if (min > max)
    context.addIssue(discordIssue('BASE_TYPE_BAD_LENGTH', 'The minimum is over the maximum', ['min_length']));
  const length = value === undefined || value === '' ? undefined : [...value].length;
  if (length !== undefined && (length < min || length > max))
    context.addIssue(
      discordIssue('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`, ['value']),
    );
}

const labelledTextInput = z
  .object({ ...anyTextInput, label: text({ min: 1, max: 45 }) })
  .superRefine(checkBounds);
const textInputInLabel = z.object(anyTextInput).superRefine(checkBounds);

const fileUpload = z.object({
  type: z.literal(ComponentType.FileUpload),
  id: componentId,
  custom_id: customId,
  min_values: z.int().min(0).max(10).exactOptional(),
  max_values: z.int().min(1).max(10).exactOptional(),
  required: z.boolean().exactOptional(),
});

const topLevel = z.discriminatedUnion('type', [
  z.object({
    type: z.literal(ComponentType.ActionRow),
    id: componentId,
    components: list(labelledTextInput, { min: 1, max: 1 }),
  }),
  z.object({
    type: z.literal(ComponentType.Label),
    id: componentId,
    label: text({ min: 1, max: 45 }),
    description: text({ min: 1, max: 100 }).exactOptional(),
    component: z.union([textInputInLabel, stringSelect, fileUpload]),
  }),
  z.object({
    type: z.literal(ComponentType.TextDisplay),
    id: componentId,
    content: text({ min: 1, max: 4000 }),
  }),
]);

export const modal = z
  .object({
    custom_id: customId,
    title: text({ min: 1, max: 45 }),
    components: list(topLevel, { min: 1, max: 5 }),
  })
  .superRefine(({ components }, context) => {
    const seen = new Set<string>();
    for (const [index, component] of components.entries()) {
      for (const { custom_id: id } of inputsOf(component)) {
        if (seen.has(id)) context.addIssue(duplicateCustomId(['components', index]));
        seen.add(id);
      }
    }
  }) satisfies z.ZodType<APIModalInteractionResponseCallbackData>;

export type Modal = z.output<typeof modal>;
type TopLevel = Modal['components'][number];
export type ModalInput =
  | Extract<TopLevel, { type: ComponentType.ActionRow }>['components'][number]
  | Extract<TopLevel, { type: ComponentType.Label }>['component'];

export function inputsOf(component: TopLevel): readonly ModalInput[] {
  switch (component.type) {
    case ComponentType.ActionRow:
      return component.components;
    case ComponentType.Label:
      return [component.component];
    case ComponentType.TextDisplay:
      return [];
  }
}
