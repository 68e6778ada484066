import { type GatewayGuildCreateDispatchData, GatewayIntentBits } from 'discord-api-types/v10';
import { apiGuildChannel } from '../state/channels.ts';
import { apiGuild, apiMember, type GuildRecord } from '../state/guilds.ts';
import { voiceStatesOf } from '../state/voice-states.ts';
import type { World } from '../state/world.ts';

/** A guild as a session with these intents first sees it: without presences, of the members only the bot and who speaks. */
export function guildCreate(
  world: World,
  guild: GuildRecord,
  intents: number,
): GatewayGuildCreateDispatchData {
  const bot = guild.members.get(world.bot.user.api.id);
  const seesAll = (intents & GatewayIntentBits.GuildPresences) !== 0;
  const members = [...guild.members.values()].filter(
    (member) => seesAll || member === bot || guild.voiceStates.has(member.user.api.id),
  );
  return {
    ...apiGuild(guild),
    joined_at: bot?.joinedAt ?? world.clock.timestamp,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: members.map(apiMember),
    channels: world.channelsOf(guild).map(apiGuildChannel),
    threads: [],
    voice_states: voiceStatesOf(guild),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
