import {
  ComponentType,
  type Message,
  type MessageContextMenuCommandInteraction,
  type UserContextMenuCommandInteraction,
} from 'discord.js';
import { parseCustomId } from '../rendering/custom-id.ts';
import { say } from './acknowledging.ts';
import { carryOut } from './carrying-out.ts';
import { messageMenus } from './command-definitions.ts';
import { type Dependencies, wordsFor } from './dependencies.ts';
import { showForm } from './forms.ts';

/** Options that name what a message is about, what it is most about first. */
const subjects = ['answer', 'model', 'job', 'dataset', 'correction', 'id'] as const;

export async function useMenu(
  interaction: MessageContextMenuCommandInteraction | UserContextMenuCommandInteraction,
  dependencies: Dependencies,
): Promise<void> {
  const words = await wordsFor(interaction, dependencies);
  const name = interaction.commandName;
  if (!interaction.isMessageContextMenuCommand()) return say(interaction, words.unknownMenu, dependencies);
  const named = optionsUnder(interaction.targetMessage);
  if (name === messageMenus.correct) {
    const answer = onlyOne(named, 'answer');
    if (answer === null) return say(interaction, words.notAnAnswer, dependencies);
    return showForm(interaction, { command: 'correct', options: { answer } }, dependencies);
  }
  if (name === messageMenus.history) {
    const id = subjects.map((subject) => onlyOne(named, subject)).find((subject) => subject !== null);
    if (id === undefined || id === null) return say(interaction, words.nothingBehind, dependencies);
    return carryOut(interaction, { command: 'history', options: { id } }, dependencies, { isPrivate: true });
  }
  await say(interaction, words.unknownMenu, dependencies);
}

type Named = readonly (readonly [option: string, value: string])[];

/** What the buttons under a message of our own name; others could have written whatever they like. */
function optionsUnder({ author, client, components }: Message): Named {
  if (author.id !== client.user.id) return [];
  return components
    .flatMap((row) => (row.type === ComponentType.ActionRow ? row.components : []))
    .flatMap(({ customId }) => Object.entries(parseCustomId(customId ?? '')?.request.options ?? {}));
}

/** Null also where there are several, as under a list. */
function onlyOne(named: Named, option: string): string | null {
  const values = new Set(named.flatMap(([name, value]) => (name === option ? [value] : [])));
  const [value] = values;
  return values.size === 1 && value !== undefined ? value : null;
}
