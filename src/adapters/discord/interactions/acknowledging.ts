import {
  DiscordAPIError,
  type Interaction,
  MessageFlags,
  RESTJSONErrorCodes,
  type RepliableInteraction,
} from 'discord.js';
import type { Dependencies } from './dependencies.ts';

/**
 * Acknowledges, whatever has come in between: an interaction that arrives twice was acknowledged before, and what is
 * then done about it is known by its id. One that nobody waits for any more is not carried out: Discord has told the
 * person that there was no answer.
 * @returns whether there is somebody who waits for the answer
 */
export async function acknowledged(
  interaction: Interaction,
  { log }: Pick<Dependencies, 'log'>,
  acknowledge: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await acknowledge();
    return true;
  } catch (error) {
    if (codeOf(error) === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged) return true;
    log.warn('an interaction could not be acknowledged', {
      interaction: interaction.id,
      reason: error instanceof Error ? error.message : String(error),
    });
    return false;
  }
}

/** One sentence, for nobody but the person who asked. Never throws. */
export async function say(
  interaction: RepliableInteraction,
  sentence: string,
  { log }: Pick<Dependencies, 'log'>,
): Promise<void> {
  const message = {
    content: sentence,
    flags: MessageFlags.Ephemeral,
    allowedMentions: { parse: [] },
  } as const;
  await acknowledged(interaction, { log }, async () => {
    if (!interaction.deferred && !interaction.replied) return interaction.reply(message);
    // The first message after a deferral takes its place, and is seen by whoever sees that.
    if (interaction.ephemeral === false && !interaction.replied) await interaction.deleteReply();
    return interaction.followUp(message);
  });
}

function codeOf(error: unknown): number | string | null {
  return error instanceof DiscordAPIError ? error.code : null;
}
