import { PermissionFlagsBits } from 'discord.js';
import type { Words } from '../../domain/languages/languages.ts';

interface NeededPermission {
  readonly key: keyof Words['discord']['permissions'];
  readonly bit: bigint;
}

/** What the bot needs in a guild, and nothing more. */
export const neededPermissions: readonly NeededPermission[] = [
  { key: 'viewChannels', bit: PermissionFlagsBits.ViewChannel },
  { key: 'sendMessages', bit: PermissionFlagsBits.SendMessages },
  { key: 'sendMessagesInThreads', bit: PermissionFlagsBits.SendMessagesInThreads },
  { key: 'attachFiles', bit: PermissionFlagsBits.AttachFiles },
  { key: 'readMessageHistory', bit: PermissionFlagsBits.ReadMessageHistory },
  { key: 'connect', bit: PermissionFlagsBits.Connect },
  { key: 'speak', bit: PermissionFlagsBits.Speak },
];

export const allNeededPermissions: bigint = neededPermissions.reduce((all, { bit }) => all | bit, 0n);
