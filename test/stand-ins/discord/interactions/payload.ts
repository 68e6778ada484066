import {
  type APIInteractionGuildMember,
  ApplicationIntegrationType,
  InteractionContextType,
  type Snowflake,
} from 'discord-api-types/v10';
import { apiChannel } from '../state/channels.ts';
import { apiMember, attachmentLimit } from '../state/guilds.ts';
import { permissionsIn } from '../state/permissions.ts';
import type { World } from '../state/world.ts';
import type { InteractionRecord } from './interaction.ts';

/** What every interaction tells the bot. */
export function interactionBase(world: World, { id, token, user, channel }: InteractionRecord) {
  const { guild } = channel;
  return {
    id,
    application_id: world.bot.applicationId,
    token,
    version: 1 as const,
    channel: apiChannel(channel),
    channel_id: channel.id,
    app_permissions: String(permissionsIn(channel, world.bot.user.api.id)),
    locale: user.locale,
    entitlements: [],
    authorizing_integration_owners: ownersOf(channel.guild?.id),
    context: guild === null ? InteractionContextType.BotDM : InteractionContextType.Guild,
    attachment_size_limit: attachmentLimit(guild),
    ...(guild === null
      ? { user: user.api }
      : {
          guild_id: guild.id,
          guild: { id: guild.id, features: [], locale: guild.locale },
          guild_locale: guild.locale,
          member: interactionMember(world, { user, channel }),
        }),
  };
}

export function ownersOf(guild: Snowflake | undefined): {
  [ApplicationIntegrationType.GuildInstall]: Snowflake;
} {
  return { [ApplicationIntegrationType.GuildInstall]: guild ?? '0' };
}

function interactionMember(
  world: World,
  { user, channel }: Pick<InteractionRecord, 'user' | 'channel'>,
): APIInteractionGuildMember {
  const member = channel.guild?.members.get(user.api.id);
  if (member === undefined)
    throw new Error(`${user.api.username} is not in the guild of ${world.bot.applicationId}.`);
  return { ...apiMember(member), permissions: String(permissionsIn(channel, user.api.id)) };
}
