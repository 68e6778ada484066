import type { ApplicationCommandOptionChoiceData, AutocompleteInteraction } from 'discord.js';
import type { Suggestion } from '../../../domain/surface.ts';
import { actorOfInteraction, scopeOf } from '../incoming.ts';
import { shortened } from '../rendering/shortened.ts';
import { acknowledged } from './acknowledging.ts';
import type { Dependencies } from './dependencies.ts';
import { inTime } from './in-time.ts';

const MAX_CHOICES = 25;
const MAX_CHOICE = 100;

/** What the option could be, or nothing where the bot is slow or asked too fast: whoever types goes on typing. */
export async function offerChoices(
  interaction: AutocompleteInteraction,
  dependencies: Dependencies,
  { isTooFast }: { readonly isTooFast: boolean },
): Promise<void> {
  const suggested = isTooFast ? [] : await suggestions(interaction, dependencies);
  const choices = choicesFor(suggested ?? []);
  await acknowledged(interaction, dependencies, () => interaction.respond(choices));
}

async function suggestions(
  interaction: AutocompleteInteraction,
  { bot, log, thinkingMs }: Dependencies,
): Promise<readonly Suggestion[] | null> {
  const { commandName, guildId, channelId, locale, guildLocale } = interaction;
  const { name, value } = interaction.options.getFocused(true);
  try {
    return await inTime(
      bot.suggest({
        scope: scopeOf(guildId, channelId),
        channel: channelId,
        actor: actorOfInteraction(interaction),
        locale,
        placeLocale: guildLocale,
        command: commandName,
        option: name,
        typed: value,
      }),
      thinkingMs,
    );
  } catch (error) {
    log.error('nothing could be suggested', error, { interaction: interaction.id });
    return null;
  }
}

function choicesFor(suggested: readonly Suggestion[]): ApplicationCommandOptionChoiceData<string>[] {
  return suggested
    .filter(({ value }) => value.length > 0 && value.length <= MAX_CHOICE)
    .slice(0, MAX_CHOICES)
    .map(({ label, value }) => ({ name: shortened(label, MAX_CHOICE) || value, value }));
}
