import type { APIAllowedMentions, APIMessage, APIPartialEmoji, Snowflake } from 'discord-api-types/v10';
import type { Inbox } from '../inbox.ts';

export interface ReactionRecord {
  readonly emoji: APIPartialEmoji;
  readonly users: Set<Snowflake>;
}

export interface MessageRecord {
  api: APIMessage;
  /** The member who alone sees it; null for everybody in the channel. */
  readonly visibleTo: Snowflake | null;
  /** By name, or by name and id for a custom emoji. */
  readonly reactions: Map<string, ReactionRecord>;
  /** As the author sent them last; undefined where they left that to Discord. */
  allowedMentions: APIAllowedMentions | undefined;
  /** Every state it has been in, the first one included. */
  readonly versions: Inbox<APIMessage>;
  deleted: boolean;
}

/** As the account with this id gets it. */
export function apiMessage({ api, reactions }: MessageRecord, viewer: Snowflake): APIMessage {
  if (reactions.size === 0) return api;
  return {
    ...api,
    reactions: [...reactions.values()].map(({ emoji, users }) => ({
      emoji,
      count: users.size,
      count_details: { burst: 0, normal: users.size },
      me: users.has(viewer),
      me_burst: false,
      burst_colors: [],
    })),
  };
}
