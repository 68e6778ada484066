import type { ApplicationCommandData, Client } from 'discord.js';
import type { Log } from '../../../domain/ports.ts';
import type { Bot } from '../../../domain/surface.ts';
import { commandDefinitions } from './command-definitions.ts';

/**
 * Tells Discord of the bot's commands, all at once, where they are not what Discord has. Without that they can
 * still be written, so a failure is only logged.
 */
export async function registerCommands(
  client: Client<true>,
  { bot, log }: { readonly bot: Pick<Bot, 'commands'>; readonly log: Log },
): Promise<void> {
  const definitions = commandDefinitions(bot.commands);
  try {
    if (await isRegistered(client, definitions)) return;
    const registered = await client.application.commands.set(definitions);
    log.info('commands registered', { commands: registered.size });
  } catch (error) {
    log.error('the commands could not be registered', error);
  }
}

async function isRegistered(
  client: Client<true>,
  definitions: readonly ApplicationCommandData[],
): Promise<boolean> {
  const registered = await client.application.commands.fetch({ withLocalizations: true });
  if (registered.size !== definitions.length) return false;
  const byName = new Map(registered.map((command) => [`${command.type} ${command.name}`, command]));
  return definitions.every((definition) =>
    byName.get(`${definition.type} ${definition.name}`)?.equals(definition, true),
  );
}
