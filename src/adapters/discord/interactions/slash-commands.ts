import type { ChatInputCommandInteraction } from 'discord.js';
import { carryOut } from './carrying-out.ts';
import { givenOptions } from './command-options.ts';
import { commandNamed, type Dependencies } from './dependencies.ts';

export async function useCommand(
  interaction: ChatInputCommandInteraction,
  dependencies: Dependencies,
): Promise<void> {
  const { commandName: command, options: filled } = interaction;
  const { options, attachments } = givenOptions(commandNamed(dependencies, command), filled.data);
  await carryOut(interaction, { command, options }, dependencies, { attachments });
}
