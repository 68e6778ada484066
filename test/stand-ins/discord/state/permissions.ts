import { OverwriteType, PermissionFlagsBits, type Snowflake } from 'discord-api-types/v10';
import type { ChannelRecord } from './channels.ts';
import type { GuildRecord } from './guilds.ts';

export const everyPermission = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

const inDirectMessages =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.AddReactions |
  PermissionFlagsBits.MentionEveryone |
  PermissionFlagsBits.UseExternalEmojis |
  PermissionFlagsBits.UseApplicationCommands;

export function permissionsInGuild(guild: GuildRecord, user: Snowflake): bigint {
  const member = guild.members.get(user);
  if (member === undefined) return 0n;
  if (guild.owner === user) return everyPermission;
  const granted = [guild.id, ...member.roles].reduce(
    (all, role) => all | BigInt(guild.roles.get(role)?.permissions ?? 0),
    0n,
  );
  return holds(granted, PermissionFlagsBits.Administrator) ? everyPermission : granted;
}

export function permissionsIn(channel: ChannelRecord, user: Snowflake): bigint {
  if (channel.kind === 'direct') return inDirectMessages;
  const { guild, overwrites } = channel;
  const inGuild = permissionsInGuild(guild, user);
  if (holds(inGuild, PermissionFlagsBits.Administrator)) return inGuild;
  const roles = guild.members.get(user)?.roles ?? new Set();
  const levels = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id, type }) => type === OverwriteType.Role && roles.has(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === user),
  ];
  const granted = levels.reduce((before, level) => {
    const denied = level.reduce((all, { deny }) => all | BigInt(deny), 0n);
    const allowed = level.reduce((all, { allow }) => all | BigInt(allow), 0n);
    return (before & ~denied) | allowed;
  }, inGuild);
  // Who does not see a channel can do nothing in it, and who may not write there can add nothing to a message.
  if (!holds(granted, PermissionFlagsBits.ViewChannel)) return 0n;
  return holds(granted, PermissionFlagsBits.SendMessages) ? granted : granted & ~ofMessages;
}

const ofMessages =
  PermissionFlagsBits.MentionEveryone | PermissionFlagsBits.AttachFiles | PermissionFlagsBits.EmbedLinks;

export function holds(granted: bigint, needed: bigint): boolean {
  return (granted & needed) === needed;
}
