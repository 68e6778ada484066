import type {
  RESTGetAPIGuildChannelsResult,
  RESTGetAPIGuildMemberResult,
  RESTGetAPIGuildMembersResult,
  RESTGetAPIGuildResult,
  RESTGetAPIGuildRolesResult,
} from 'discord-api-types/v10';
import { GatewayIntentBits, type Snowflake } from 'discord-api-types/v10';
import { apiError } from '../../api-error.ts';
import { apiGuildChannel } from '../../state/channels.ts';
import { apiGuild, apiMember } from '../../state/guilds.ts';
import type { World } from '../../state/world.ts';
import { ok, type Route, route } from '../route.ts';

const MEMBERS_A_PAGE = 1;

/** What a bot may look up about the guilds that it is in. */
export function guildRoutes(world: World): readonly Route[] {
  return [
    route('GET /guilds/:guild', ({ parameter, query }) => {
      const guild = world.guildOfBot(parameter('guild'));
      const counts = query.get('with_counts') === 'true' && {
        approximate_member_count: guild.members.size,
        approximate_presence_count: 0,
      };
      return ok<RESTGetAPIGuildResult>({ ...apiGuild(guild), ...counts });
    }),
    route('GET /guilds/:guild/channels', ({ parameter }) =>
      ok<RESTGetAPIGuildChannelsResult>(
        world.channelsOf(world.guildOfBot(parameter('guild'))).map(apiGuildChannel),
      ),
    ),
    route('GET /guilds/:guild/roles', ({ parameter }) =>
      ok<RESTGetAPIGuildRolesResult>([...world.guildOfBot(parameter('guild')).roles.values()]),
    ),
    route('GET /guilds/:guild/members', ({ parameter, query }) => {
      if (!world.bot.privilegedIntents.includes(GatewayIntentBits.GuildMembers))
        throw apiError('MissingAccess');
      const after = BigInt(query.get('after') ?? 0);
      const limit = Number(query.get('limit') ?? MEMBERS_A_PAGE);
      const members = [...world.guildOfBot(parameter('guild')).members.values()]
        .filter(({ user }) => BigInt(user.api.id) > after)
        .toSorted((one, other) => (BigInt(one.user.api.id) < BigInt(other.user.api.id) ? -1 : 1));
      return ok<RESTGetAPIGuildMembersResult>(members.slice(0, limit).map(apiMember));
    }),
    route('GET /guilds/:guild/members/:user', ({ parameter }) =>
      ok<RESTGetAPIGuildMemberResult>(member(parameter('guild'), parameter('user'))),
    ),
  ];

  function member(guild: Snowflake, user: Snowflake) {
    const record = world.guildOfBot(guild).members.get(user);
    if (record !== undefined) return apiMember(record);
    throw apiError(world.users.has(user) ? 'UnknownMember' : 'UnknownUser');
  }
}
