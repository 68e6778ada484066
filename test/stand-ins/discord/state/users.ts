import type { APIUser, Locale, Snowflake, UserFlags } from 'discord-api-types/v10';

export interface UserRecord {
  readonly api: APIUser;
  readonly locale: Locale;
  /** Whether a bot that shares a guild may write to them. */
  acceptsDirectMessages: boolean;
}

const NO_FLAGS = 0 as UserFlags;

export function newUser(
  id: Snowflake,
  name: string,
  { locale, bot }: { readonly locale: Locale; readonly bot: boolean },
): UserRecord {
  return {
    api: {
      id,
      username: bot ? name : name.toLowerCase().replaceAll(/[^a-z0-9._]/g, '_'),
      global_name: bot ? null : name,
      discriminator: bot ? '0001' : '0',
      avatar: null,
      banner: null,
      accent_color: null,
      avatar_decoration_data: null,
      collectibles: null,
      primary_guild: null,
      flags: NO_FLAGS,
      public_flags: NO_FLAGS,
      ...(bot && { bot: true }),
    },
    locale,
    acceptsDirectMessages: true,
  };
}
