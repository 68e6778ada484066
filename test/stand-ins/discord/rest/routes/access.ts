import { PermissionFlagsBits, type Snowflake } from 'discord-api-types/v10';
import { apiError } from '../../api-error.ts';
import type { ChannelRecord } from '../../state/channels.ts';
import type { MessageRecord } from '../../state/messages.ts';
import { holds, permissionsIn } from '../../state/permissions.ts';
import type { World } from '../../state/world.ts';

/** What the bot may do where. */
export class BotAccess {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * A channel in which the bot may do all of this.
   * @throws ApiError Unknown Channel, Missing Access where it does not see it, or Missing Permissions
   */
  channel(id: Snowflake, ...needed: readonly bigint[]): ChannelRecord {
    const channel = this.#world.channel(id);
    if (!this.may(channel, PermissionFlagsBits.ViewChannel)) throw apiError('MissingAccess');
    for (const permission of needed) if (!this.may(channel, permission)) throw apiError('MissingPermissions');
    return channel;
  }

  may(channel: ChannelRecord, permission: bigint): boolean {
    return holds(permissionsIn(channel, this.#world.bot.user.api.id), permission);
  }

  /** @throws ApiError Unknown Message; also for one that only a member sees */
  message(channel: ChannelRecord, id: Snowflake): MessageRecord {
    const message = channel.messages.get(id);
    if (message === undefined || message.visibleTo !== null) throw apiError('UnknownMessage');
    return message;
  }
}
