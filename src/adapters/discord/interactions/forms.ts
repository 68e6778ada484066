import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type ButtonInteraction,
  ComponentType,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import type { Words } from '../../../domain/languages/languages.ts';
import type { CommandRequest, Form, FormField } from '../../../domain/surface.ts';
import { opened, receivedFromInteraction } from '../incoming.ts';
import { readableChannels } from '../readable-channels.ts';
import { appendOptions, beginCustomId, parseKinded, parseOptions } from '../rendering/custom-id.ts';
import { shortened } from '../rendering/shortened.ts';
import { acknowledged, say } from './acknowledging.ts';
import { carryOut, inputOf } from './carrying-out.ts';
import { type Dependencies, wordsFor } from './dependencies.ts';
import { inTime } from './in-time.ts';

const MAX_TITLE = 45;
const MAX_LABEL = 45;
const MAX_VALUE = 4_000;
const MAX_PLACEHOLDER = 100;
const MAX_FIELDS = 5;

/** Asks for what a request still needs. A form cannot be deferred, so it is there in time or not at all. */
export async function showForm(
  interaction: ButtonInteraction | MessageContextMenuCommandInteraction,
  request: CommandRequest,
  dependencies: Dependencies,
): Promise<void> {
  const words = await wordsFor(interaction, dependencies);
  const received = receivedFromInteraction(interaction, inputOf(request), { isPrivate: true });
  const mayRead = readableChannels(interaction.client, received);
  const incoming = opened(received, { openFiles: () => [], voice: null, prefix: null, mayRead });
  const prepared = await inTime(dependencies.bot.form(incoming), dependencies.thinkingMs);
  if (prepared === null) return say(interaction, words.formTooLate, dependencies);
  if ('reply' in prepared) return say(interaction, prepared.reply.text, dependencies);
  const modal = modalOf(prepared.form, words);
  if (modal === null) return say(interaction, words.formTooLong, dependencies);
  await acknowledged(interaction, dependencies, () => interaction.showModal(modal));
}

/** Carries out what was asked for with what was filled in. */
export async function takeForm(
  interaction: ModalSubmitInteraction,
  dependencies: Dependencies,
): Promise<void> {
  const request = requestOf(interaction.customId, interaction.fields.fields.values());
  if (request !== null) return carryOut(interaction, request, dependencies);
  await say(interaction, (await wordsFor(interaction, dependencies)).unknownForm, dependencies);
}

/**
 * The form as Discord shows it. Its custom id carries the request; what does not fit there goes along with the
 * custom ids of the fields.
 * @returns null where there is not room enough for the request
 */
export function modalOf(
  { title, fields, request }: Form,
  words: Words['interactions'],
): APIModalInteractionResponseCallbackData | null {
  const { command, options } = request;
  const begun = beginCustomId({ kind: 'submit', command, options: Object.entries(options) });
  if (begun.customId === null || fields.length === 0 || fields.length > MAX_FIELDS) return null;
  const components: APILabelComponent[] = [];
  let { left } = begun;
  for (const field of fields) {
    const carrying = appendOptions(field.option, left);
    left = carrying.left;
    components.push(labelled(field, carrying.customId, words));
  }
  if (left.length > 0) return null;
  return { title: shortened(title, MAX_TITLE), custom_id: begun.customId, components };
}

function labelled(
  { label, value, required }: FormField,
  customId: string,
  { field }: Words['interactions'],
): APILabelComponent {
  const fits = value.length <= MAX_VALUE;
  // Half of a text must not be taken for the whole of it when the form is handed in.
  const placeholder = required ? field.tooLongToFill : field.tooLongToKeep;
  return {
    type: ComponentType.Label,
    label: shortened(label, MAX_LABEL),
    component: {
      type: ComponentType.TextInput,
      custom_id: customId,
      style: TextInputStyle.Paragraph,
      required,
      max_length: MAX_VALUE,
      ...(fits ? value !== '' && { value } : { placeholder: shortened(placeholder, MAX_PLACEHOLDER) }),
    },
  };
}

/** What is asked for with a form that was handed in; null where it is not one of ours. A field left empty is no option. */
export function requestOf(
  customId: string,
  fields: Iterable<{ readonly customId: string }>,
): CommandRequest | null {
  const asked = parseKinded(customId);
  if (asked?.kind !== 'submit') return null;
  const options = new Map(Object.entries(asked.request.options));
  for (const field of fields) {
    const [name = '', ...carried] = field.customId.split(':');
    const along = parseOptions(carried);
    if (along === null) return null;
    for (const option of Object.entries(along)) options.set(...option);
    if ('value' in field && typeof field.value === 'string' && field.value !== '')
      options.set(name, field.value);
  }
  return { command: asked.request.command, options: Object.fromEntries(options) };
}
