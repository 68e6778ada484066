import { type Client, GuildPremiumTier, PermissionFlagsBits } from 'discord.js';
import type { Received } from './incoming.ts';

const MEGABYTE = 1024 * 1024;

/** The largest file that Discord takes there, null for direct messages; null where none may be attached. */
export function maxFileBytes(
  client: Client,
  received: Pick<Received, 'scope' | 'channel'> | null,
): number | null {
  if (received === null) return 10 * MEGABYTE;
  const { scope, channel: id } = received;
  const guild = client.guilds.cache.get(scope);
  const channel = client.channels.cache.get(id);
  const me = guild?.members.me;
  if (me !== null && me !== undefined && channel !== undefined && !channel.isDMBased()) {
    if (!channel.permissionsFor(me).has(PermissionFlagsBits.AttachFiles)) return null;
  }
  switch (guild?.premiumTier) {
    case GuildPremiumTier.Tier3:
      return 100 * MEGABYTE;
    case GuildPremiumTier.Tier2:
      return 50 * MEGABYTE;
    default:
      return 10 * MEGABYTE;
  }
}
