import {
  type APIChannel,
  type APIDMChannel,
  type APIGuildVoiceChannel,
  type APIOverwrite,
  type APITextChannel,
  type ChannelFlags,
  ChannelType,
  type Snowflake,
} from 'discord-api-types/v10';
import type { Inbox } from '../inbox.ts';
import type { GuildRecord } from './guilds.ts';
import type { MessageRecord } from './messages.ts';
import type { UserRecord } from './users.ts';

interface AnyChannelRecord {
  readonly id: Snowflake;
  readonly messages: Map<Snowflake, MessageRecord>;
  lastMessage: Snowflake | null;
  /** What the bot posted for everybody there, each as soon as it has a content. */
  readonly posted: Inbox<MessageRecord>;
  /** The times at which the bot was seen typing. */
  readonly typing: Inbox<number>;
}

export interface GuildChannelRecord extends AnyChannelRecord {
  readonly kind: 'guild';
  readonly type: ChannelType.GuildText | ChannelType.GuildVoice;
  readonly guild: GuildRecord;
  readonly name: string;
  readonly position: number;
  overwrites: APIOverwrite[];
}

export interface DirectChannelRecord extends AnyChannelRecord {
  readonly kind: 'direct';
  readonly type: ChannelType.DM;
  readonly guild: null;
  readonly recipient: UserRecord;
}

export type ChannelRecord = GuildChannelRecord | DirectChannelRecord;

const NO_FLAGS = 0 as ChannelFlags;

export function apiGuildChannel(channel: GuildChannelRecord): APITextChannel | APIGuildVoiceChannel {
  const common = {
    id: channel.id,
    guild_id: channel.guild.id,
    name: channel.name,
    position: channel.position,
    permission_overwrites: channel.overwrites,
    parent_id: null,
    nsfw: false,
    last_message_id: channel.lastMessage,
    rate_limit_per_user: 0,
    flags: NO_FLAGS,
  };
  return channel.type === ChannelType.GuildText
    ? { ...common, type: channel.type, topic: null, last_pin_timestamp: null }
    : { ...common, type: channel.type, bitrate: 64_000, user_limit: 0, rtc_region: null };
}

export function apiDirectChannel(channel: DirectChannelRecord): APIDMChannel {
  return {
    id: channel.id,
    type: channel.type,
    name: null,
    last_message_id: channel.lastMessage,
    recipients: [channel.recipient.api],
    flags: NO_FLAGS,
  };
}

export function apiChannel(channel: ChannelRecord): APIChannel {
  return channel.kind === 'guild' ? apiGuildChannel(channel) : apiDirectChannel(channel);
}
