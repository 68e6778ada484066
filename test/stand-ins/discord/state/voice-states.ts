import type { GatewayVoiceState, Snowflake } from 'discord-api-types/v10';
import type { GuildChannelRecord } from './channels.ts';
import { apiMember, type GuildRecord } from './guilds.ts';

/** Somebody in a voice channel. */
export interface VoiceStateRecord {
  channel: GuildChannelRecord;
  readonly session: string;
  selfDeaf: boolean;
  selfMute: boolean;
}

/** @param session of whoever is in no channel, which is named all the same */
export function apiVoiceState(guild: GuildRecord, user: Snowflake, session = ''): GatewayVoiceState {
  const state = guild.voiceStates.get(user);
  const member = guild.members.get(user);
  return {
    guild_id: guild.id,
    channel_id: state?.channel.id ?? null,
    user_id: user,
    session_id: state?.session ?? session,
    deaf: false,
    mute: false,
    self_deaf: state?.selfDeaf ?? false,
    self_mute: state?.selfMute ?? false,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
    ...(member !== undefined && { member: apiMember(member) }),
  };
}

/** As a guild is first shown: everybody in a voice channel, without what is known of them otherwise. */
export function voiceStatesOf(guild: GuildRecord): Omit<GatewayVoiceState, 'guild_id'>[] {
  return [...guild.voiceStates.keys()].map((user) => {
    const { guild_id: _, member: __, ...state } = apiVoiceState(guild, user);
    return state;
  });
}
