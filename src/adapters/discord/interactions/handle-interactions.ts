import { type Client, Events, type Interaction } from 'discord.js';
import { languageFor, languages, type Words } from '../../../domain/languages/languages.ts';
import { scopeOf } from '../incoming.ts';
import type { Pace, RateLimits } from '../rate-limits.ts';
import { acknowledged, say } from './acknowledging.ts';
import { offerChoices } from './autocomplete.ts';
import { press } from './buttons.ts';
import { type Dependencies, wordsFor } from './dependencies.ts';
import { takeForm } from './forms.ts';
import { useMenu } from './message-menus.ts';
import { useCommand } from './slash-commands.ts';

/** Answers every interaction from now on; whatever goes wrong with one ends in a sentence and in the log. */
export function handleInteractions(client: Client, dependencies: Dependencies): void {
  const begun = new Set<string>();
  client.on(Events.InteractionCreate, (interaction) => {
    // The gateway has told it twice: it counts once, and what was refused stays so.
    const { id } = interaction;
    if (begun.has(id) || dependencies.answering.knows(id)) return;
    begun.add(id);
    void handled(interaction, dependencies).finally(() => begun.delete(id));
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
  const { answering } = dependencies;
  if (interaction.isAutocomplete()) {
    const isTooFast = (await paceOf(interaction, dependencies.typingLimits)) !== 'go';
    return offerChoices(interaction, dependencies, { isTooFast });
  }
  const pace = await paceOf(interaction, dependencies.rateLimits);
  if (pace !== 'go') answering.refuse({ id: interaction.id, channel: channelOf(interaction) });
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

function paceOf(interaction: Interaction, limits: Pick<RateLimits, 'take'>): Promise<Pace> {
  return limits.take(scopeOf(interaction.guildId, channelOf(interaction)), interaction.user.id);
}

function channelOf({ channelId, user }: Interaction): string {
  return channelId ?? user.id;
}
