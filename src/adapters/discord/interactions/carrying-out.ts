import { MessageFlags, type RepliableInteraction } from 'discord.js';
import type { CommandRequest } from '../../../domain/surface.ts';
import type { Address } from '../inbox.ts';
import { type AttachedFile, receivedFromInteraction } from '../incoming.ts';
import { acknowledged } from './acknowledging.ts';
import { commandNamed, type Dependencies } from './dependencies.ts';

interface Manner {
  /** Shown to nobody but the person who asked; as the command says where it is left out. */
  readonly isPrivate?: boolean;
  readonly attachments?: readonly AttachedFile[];
}

/** Acknowledges at once, carries the request out and shows the reply. */
export async function carryOut(
  interaction: RepliableInteraction,
  request: CommandRequest,
  dependencies: Dependencies,
  { isPrivate = staysPrivate(request, dependencies), attachments = [] }: Manner = {},
): Promise<void> {
  const acknowledge = () =>
    acknowledged(interaction, dependencies, () =>
      interaction.deferReply(isPrivate ? { flags: MessageFlags.Ephemeral } : {}),
    );
  await dependencies.answering.answer(
    receivedFromInteraction(interaction, inputOf(request), { isPrivate, attachments }),
    addressOf(interaction, { isPrivate, deferred: 'reply', at: dependencies.now() }),
    acknowledge,
  );
}

/** What nobody knows is told to nobody else: a command that we do not have ends in a sentence. */
export function staysPrivate({ command }: CommandRequest, dependencies: Pick<Dependencies, 'bot'>): boolean {
  return commandNamed(dependencies, command)?.isPrivate ?? true;
}

export function inputOf({ command, options }: CommandRequest) {
  return { kind: 'command', name: command, options: { ...options } } as const;
}

export function addressOf(
  { applicationId, id, token }: RepliableInteraction,
  deferral: Pick<Extract<Address, { kind: 'interaction' }>, 'isPrivate' | 'deferred' | 'at'>,
): Address {
  return { kind: 'interaction', application: applicationId, interaction: id, token, ...deferral };
}
