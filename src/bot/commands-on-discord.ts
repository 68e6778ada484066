import type { Command } from './command.ts';
import { commands } from './commands/all.ts';

/** Those for menus, which a console does not have; no ledger is needed to know them. */
export function commandsOnDiscord({ hasVoice }: { readonly hasVoice: boolean }): readonly Command[] {
  return commands
    .filter(({ surfaces }) => surfaces?.includes('discord') ?? true)
    .filter(({ needsVoice }) => !needsVoice || hasVoice);
}
