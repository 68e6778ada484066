import {
  AllowedMentionsTypes,
  type APIAllowedMentions,
  type APIUser,
  PermissionFlagsBits,
  type Snowflake,
} from 'discord-api-types/v10';
import type { ChannelRecord } from '../state/channels.ts';
import { holds, permissionsIn } from '../state/permissions.ts';
import type { World } from '../state/world.ts';

export interface Mentions {
  readonly users: readonly APIUser[];
  readonly roles: readonly Snowflake[];
  readonly everyone: boolean;
}

interface Written {
  readonly channel: ChannelRecord;
  readonly author: Snowflake;
  readonly content: string;
  /** Undefined: everything that the text mentions. */
  readonly allowed: APIAllowedMentions | undefined;
  /** Whose message it replies to. */
  readonly repliedTo: APIUser | undefined;
}

/** Who is notified by a message. */
export function mentionsOf(
  world: World,
  { channel, author, content, allowed, repliedTo }: Written,
): Mentions {
  const permitted = permissionsIn(channel, author);
  const mayMentionAll = holds(permitted, PermissionFlagsBits.MentionEveryone);
  const parses = (kind: AllowedMentionsTypes) =>
    allowed === undefined || allowed.parse?.includes(kind) === true;
  const namedUsers = idsIn(content, /<@!?(\d+)>/g).filter(
    (id) => parses(AllowedMentionsTypes.User) || allowed?.users?.includes(id) === true,
  );
  const replies = repliedTo !== undefined && (allowed === undefined || allowed.replied_user === true);
  const users = unique([...(replies ? [repliedTo.id] : []), ...namedUsers]);
  const roles = idsIn(content, /<@&(\d+)>/g).filter((id) => {
    const role = channel.guild?.roles.get(id);
    return (
      role !== undefined &&
      (role.mentionable || mayMentionAll) &&
      (parses(AllowedMentionsTypes.Role) || allowed?.roles?.includes(id) === true)
    );
  });
  return {
    users: users.flatMap((id) => world.users.get(id)?.api ?? []),
    roles: unique(roles),
    everyone: mayMentionAll && parses(AllowedMentionsTypes.Everyone) && /@(everyone|here)\b/.test(content),
  };
}

function idsIn(content: string, pattern: RegExp): string[] {
  return [...content.matchAll(pattern)].flatMap(([, id]) => id ?? []);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
