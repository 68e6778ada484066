import {
  type APIGuild,
  type APIGuildMember,
  type APIRole,
  GuildDefaultMessageNotifications,
  GuildExplicitContentFilter,
  type GuildMemberFlags,
  GuildMFALevel,
  GuildNSFWLevel,
  GuildPremiumTier,
  type GuildSystemChannelFlags,
  GuildVerificationLevel,
  type Locale,
  type RoleFlags,
  type Snowflake,
} from 'discord-api-types/v10';
import type { UserRecord } from './users.ts';
import type { VoiceStateRecord } from './voice-states.ts';

export interface MemberRecord {
  readonly user: UserRecord;
  nick: string | null;
  /** Without the guild's own role, which everyone has. */
  readonly roles: Set<Snowflake>;
  readonly joinedAt: string;
}

export interface GuildRecord {
  readonly id: Snowflake;
  readonly name: string;
  readonly locale: Locale;
  owner: Snowflake;
  systemChannel: Snowflake | null;
  premiumTier: GuildPremiumTier;
  /** By id; the one with the guild's own id is @everyone. */
  readonly roles: Map<Snowflake, APIRole>;
  readonly members: Map<Snowflake, MemberRecord>;
  /** Of those in a voice channel, by user. */
  readonly voiceStates: Map<Snowflake, VoiceStateRecord>;
}

const MEBIBYTE = 1024 * 1024;
const NO_FLAGS = 0;

/** The largest file that may be sent there, in bytes. */
export function attachmentLimit(guild: GuildRecord | null): number {
  switch (guild?.premiumTier) {
    case GuildPremiumTier.Tier2:
      return 50 * MEBIBYTE;
    case GuildPremiumTier.Tier3:
      return 100 * MEBIBYTE;
    default:
      return 10 * MEBIBYTE;
  }
}

export function newRole(
  id: Snowflake,
  { name, permissions, position }: { name: string; permissions: bigint; position: number },
): APIRole {
  return {
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: NO_FLAGS as RoleFlags,
  };
}

export function apiMember({
  user,
  nick,
  roles,
  joinedAt,
}: MemberRecord): Required<Omit<APIGuildMember, 'avatar_decoration_data' | 'collectibles'>> {
  return {
    user: user.api,
    nick,
    roles: [...roles],
    joined_at: joinedAt,
    avatar: null,
    banner: null,
    premium_since: null,
    communication_disabled_until: null,
    pending: false,
    deaf: false,
    mute: false,
    flags: NO_FLAGS as GuildMemberFlags,
  };
}

export function apiMemberWithoutUser(member: MemberRecord): Omit<ReturnType<typeof apiMember>, 'user'> {
  const { user: _, ...rest } = apiMember(member);
  return rest;
}

/** The fields after `incidents_data` are sent, though the documentation does not list them. */
export function apiGuild(guild: GuildRecord) {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    features: [],
    owner_id: guild.owner,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: GuildVerificationLevel.None,
    default_message_notifications: GuildDefaultMessageNotifications.OnlyMentions,
    explicit_content_filter: GuildExplicitContentFilter.Disabled,
    roles: [...guild.roles.values()],
    emojis: [],
    stickers: [],
    mfa_level: GuildMFALevel.None,
    application_id: null,
    system_channel_id: guild.systemChannel,
    system_channel_flags: NO_FLAGS as GuildSystemChannelFlags,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    vanity_url_code: null,
    premium_tier: guild.premiumTier,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: guild.locale,
    nsfw_level: GuildNSFWLevel.Default,
    hub_type: null,
    incidents_data: null,
    home_header: null,
    nsfw: false,
  } satisfies APIGuild & { home_header: null; nsfw: boolean };
}
