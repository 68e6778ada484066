import { GatewayDispatchEvents as Event, type Snowflake } from 'discord-api-types/v10';
import type { Dispatch } from './dispatch.ts';

/** Which one of how many, from 0. */
export type ShardPlace = readonly [id: number, count: number];

/** As Discord's documentation has it. */
export function hasGuild([id, count]: ShardPlace, guild: Snowflake): boolean {
  return Number((BigInt(guild) >> 22n) % BigInt(count)) === id;
}

/** Direct messages go to the first shard, and what is about the session itself to that one. */
export function isOfShard(event: Dispatch, inGuild: boolean, shard: ShardPlace): boolean {
  if (event.t === Event.Ready || event.t === Event.Resumed) return true;
  if (!inGuild) return shard[0] === 0;
  const guild = guildOf(event);
  return guild === undefined || hasGuild(shard, guild);
}

function guildOf({ t, d }: Dispatch): Snowflake | undefined {
  if (t === Event.GuildCreate || t === Event.GuildUpdate || t === Event.GuildDelete) return d.id;
  return typeof d === 'object' && d !== null && 'guild_id' in d && typeof d.guild_id === 'string'
    ? d.guild_id
    : undefined;
}
