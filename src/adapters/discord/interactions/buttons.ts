import { type ButtonInteraction, MessageFlags } from 'discord.js';
import type { CommandRequest } from '../../../domain/surface.ts';
import { receivedFromInteraction } from '../incoming.ts';
import { parseCustomId } from '../rendering/custom-id.ts';
import { acknowledged, say } from './acknowledging.ts';
import { addressOf, carryOut, inputOf, staysPrivate } from './carrying-out.ts';
import { type Dependencies, wordsFor } from './dependencies.ts';
import { showForm } from './forms.ts';

/** Does what the button's custom id says, whenever it was made; the bot asks for the right of whoever presses it. */
export async function press(interaction: ButtonInteraction, dependencies: Dependencies): Promise<void> {
  const asked = parseCustomId(interaction.customId);
  switch (asked?.kind) {
    case undefined:
      return say(interaction, (await wordsFor(interaction, dependencies)).unknownButton, dependencies);
    case 'form':
      return showForm(interaction, asked.request, dependencies);
    case 'run':
      return run(interaction, asked.request, dependencies);
    case 'turn':
      return turn(interaction, asked.request, dependencies);
  }
}

function run(
  interaction: ButtonInteraction,
  request: CommandRequest,
  dependencies: Dependencies,
): Promise<void> {
  // Everybody may rate, and nobody wants to read of every rating.
  const isPrivate = request.command === 'feedback' || staysPrivate(request, dependencies);
  return carryOut(interaction, request, dependencies, { isPrivate });
}

/** Shows the reply in place of the message, or to the person alone where it is not theirs to change. */
async function turn(
  interaction: ButtonInteraction,
  request: CommandRequest,
  dependencies: Dependencies,
): Promise<void> {
  const { message, user } = interaction;
  const isSeenByOne = message.flags.has(MessageFlags.Ephemeral);
  const isTheirs = isSeenByOne || askerOf(message) === user.id;
  const isPrivate = staysPrivate(request, dependencies);
  if (isPrivate && !isTheirs) return carryOut(interaction, request, dependencies, { isPrivate });
  await dependencies.answering.answer(
    receivedFromInteraction(interaction, inputOf(request), { isPrivate: isSeenByOne }),
    addressOf(interaction, {
      // A page of their own stays in its place, also where the command was written for all to see.
      isPrivate: isSeenByOne || (isPrivate && isTheirs),
      deferred: 'update',
      at: dependencies.now(),
    }),
    () => acknowledged(interaction, dependencies, () => interaction.deferUpdate()),
  );
}

/** Whose command the message answers, by a menu or by a text. */
function askerOf({ interactionMetadata, mentions }: ButtonInteraction['message']): string | null {
  return interactionMetadata?.user.id ?? mentions.repliedUser?.id ?? null;
}
