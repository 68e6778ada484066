import { type Client, Events, type Interaction } from 'discord.js';
import { languageFor, languages, type Words } from '../../../domain/languages/languages.ts';
import { scopeOf } from '../incoming.ts';
import type { Pace } from '../rate-limits.ts';
import { acknowledged, say } from './acknowledging.ts';
import { offerChoices } from './autocomplete.ts';
import { press } from './buttons.ts';
import { type Dependencies, wordsFor } from './dependencies.ts';
import { takeForm } from './forms.ts';
import { useMenu } from './message-menus.ts';
import { useCommand } from './slash-commands.ts';

/** Answers every interaction from now on; whatever goes wrong with one ends in a sentence and in the log. */
export function handleInteractions(client: Client, dependencies: Dependencies): void {
  client.on(Events.InteractionCreate, (interaction) => {
    void handled(interaction, dependencies);
  });
}

async function handled(interaction: Interaction, dependencies: Dependencies): Promise<void> {
  try {
    await handle(interaction, dependencies);
  } catch (error) {
    dependencies.log.error('an interaction failed', error, { interaction: interaction.id });
    if (!interaction.isRepliable()) return;
    await say(interaction, (await wordsAfter(interaction, dependencies)).goesWrong, dependencies);
  }
}

async function handle(interaction: Interaction, dependencies: Dependencies): Promise<void> {
  if (interaction.isAutocomplete()) return offerChoices(interaction, dependencies);
  const pace = await paceOf(interaction, dependencies);
  // Discord shows a button that is not acknowledged as broken, and a command too; a button needs no word for it.
  if (pace === 'silent' && interaction.isMessageComponent()) {
    await acknowledged(interaction, dependencies, () => interaction.deferUpdate());
    return;
  }
  if (pace !== 'go')
    return say(interaction, (await wordsFor(interaction, dependencies)).tooOften, dependencies);
  if (interaction.isChatInputCommand()) return useCommand(interaction, dependencies);
  if (interaction.isContextMenuCommand()) return useMenu(interaction, dependencies);
  if (interaction.isButton()) return press(interaction, dependencies);
  if (interaction.isModalSubmit()) return takeForm(interaction, dependencies);
  // Menus to select from are none of ours.
  return say(interaction, (await wordsFor(interaction, dependencies)).unknownButton, dependencies);
}

/** What has gone wrong may be that the settings of the place cannot be read. */
function wordsAfter(interaction: Interaction, dependencies: Dependencies): Promise<Words['interactions']> {
  const { locale, guildLocale: placeLocale } = interaction;
  const guess = languageFor({ locale, placeLocale, chosen: null, usual: dependencies.language });
  return wordsFor(interaction, dependencies).catch(() => languages[guess].interactions);
}

function paceOf({ guildId, channelId, user }: Interaction, { rateLimits }: Dependencies): Promise<Pace> {
  return rateLimits.take(scopeOf(guildId, channelId ?? user.id), user.id);
}
