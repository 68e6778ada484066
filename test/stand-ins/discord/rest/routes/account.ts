import type {
  APIApplication,
  ApplicationFlags,
  RESTGetAPICurrentUserGuildsResult,
  RESTGetAPIGatewayBotResult,
  RESTGetAPIGatewayResult,
  RESTGetAPIUserResult,
  RESTPostAPICurrentUserCreateDMChannelResult,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { apiError } from '../../api-error.ts';
import { apiDirectChannel } from '../../state/channels.ts';
import { permissionsInGuild } from '../../state/permissions.ts';
import type { World } from '../../state/world.ts';
import { parseForm, snowflake } from '../form-errors.ts';
import { ok, type Route, route } from '../route.ts';

const SESSIONS_A_DAY = 1000;
const DAY_MS = 24 * 60 * 60_000;

/** The bot itself: its account, its application, and where its gateway is. */
export function accountRoutes(world: World, gatewayUrl: () => string): readonly Route[] {
  return [
    route('GET /gateway', () => ok<RESTGetAPIGatewayResult>({ url: gatewayUrl() })),
    route('GET /gateway/bot', () =>
      ok<RESTGetAPIGatewayBotResult>({
        url: gatewayUrl(),
        shards: world.recommendedShards,
        session_start_limit: {
          total: SESSIONS_A_DAY,
          remaining: SESSIONS_A_DAY,
          reset_after: DAY_MS,
          max_concurrency: 1,
        },
      }),
    ),
    // The last two are sent for one's own account only.
    route('GET /users/@me', () =>
      ok({ ...world.bot.user.api, mfa_enabled: false, locale: world.bot.user.locale }),
    ),
    route('GET /users/@me/guilds', () =>
      ok<RESTGetAPICurrentUserGuildsResult>(
        world.botGuilds().map((guild) => ({
          id: guild.id,
          name: guild.name,
          icon: null,
          banner: null,
          owner: guild.owner === world.bot.user.api.id,
          permissions: String(permissionsInGuild(guild, world.bot.user.api.id)),
          features: [],
        })),
      ),
    ),
    route('POST /users/@me/channels', ({ body }) => {
      const { recipient_id: id } = parseForm(z.object({ recipient_id: snowflake }), body);
      const user = world.users.get(id);
      if (user === undefined) throw apiError('UnknownUser');
      return ok<RESTPostAPICurrentUserCreateDMChannelResult>(apiDirectChannel(world.directChannelWith(user)));
    }),
    route('GET /users/:user', ({ parameter }) => {
      const user = world.users.get(parameter('user'));
      if (user === undefined) throw apiError('UnknownUser');
      return ok<RESTGetAPIUserResult>(user.api);
    }),
    route('GET /applications/@me', () => ok(application(world))),
  ];
}

/** The fields after `flags_new` are sent, though the documentation does not list all of them. */
function application({ bot, guilds }: World) {
  const owner = [...guilds.values()][0]?.owner;
  return {
    id: bot.applicationId,
    name: bot.user.api.username,
    icon: null,
    description: '',
    summary: '',
    type: null,
    bot: bot.user.api,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    team: null,
    flags: 0 as ApplicationFlags,
    flags_new: '0',
    approximate_guild_count: guilds.size,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: { ...bot.user.api, id: owner ?? bot.applicationId, bot: false },
    explicit_content_filter: 0,
    eligible_oauth2_scopes: [],
  } satisfies APIApplication & {
    type: null;
    explicit_content_filter: number;
    eligible_oauth2_scopes: string[];
  };
}
