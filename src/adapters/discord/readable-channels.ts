import { ChannelType, type Client, type GuildMember, PermissionFlagsBits } from 'discord.js';
import type { Incoming } from '../../domain/surface.ts';
import type { Received } from './incoming.ts';

const MAY_READ = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;

/** Which channels of a guild are open to all who see the reply: to whoever asked, or to everybody there. */
export function readableChannels(
  client: Client,
  { scope, actor, isPrivate = false }: Pick<Received, 'scope' | 'actor' | 'isPrivate'>,
): NonNullable<Incoming['mayRead']> {
  let asker: Promise<GuildMember | null> | undefined;
  return async (id) => {
    const guild = client.guilds.cache.get(scope);
    const channel = guild?.channels.cache.get(id);
    // Who is in a private thread is not told.
    if (guild === undefined || channel === undefined || channel.type === ChannelType.PrivateThread)
      return false;
    asker ??= isPrivate ? guild.members.fetch(actor.id).catch(() => null) : Promise.resolve(null);
    const reader = isPrivate ? await asker : guild.roles.everyone;
    return reader !== null && (channel.permissionsFor(reader)?.has(MAY_READ) ?? false);
  };
}
