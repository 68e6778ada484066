import type {
  APIApplicationCommand,
  RESTGetAPIApplicationCommandsResult,
  RESTPutAPIApplicationCommandsResult,
  Snowflake,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { apiError } from '../../api-error.ts';
import type { CommandRegistry } from '../../commands/registry.ts';
import type { World } from '../../state/world.ts';
import { commandBody } from '../bodies/command.ts';
import { parseForm } from '../form-errors.ts';
import { type Answer, noContent, ok, type Route, route } from '../route.ts';

/** What commands there are, everywhere and in single guilds. */
export function commandRoutes(world: World, registry: CommandRegistry): readonly Route[] {
  const everywhere = (application: Snowflake): null => {
    if (application !== world.bot.applicationId) throw apiError('UnknownApplication');
    return null;
  };
  const inGuild = (application: Snowflake, guild: Snowflake): Snowflake => {
    everywhere(application);
    return world.guildOfBot(guild).id;
  };
  const list = (guild: Snowflake | null, query: URLSearchParams): Answer => {
    const commands: RESTGetAPIApplicationCommandsResult = [...registry.list(guild)];
    return ok(query.get('with_localizations') === 'true' ? commands : withoutTranslations(commands));
  };
  const overwrite = (guild: Snowflake | null, body: unknown): Answer =>
    ok<RESTPutAPIApplicationCommandsResult>([
      ...registry.overwrite(guild, parseForm(z.array(commandBody), body)),
    ]);
  const put = (guild: Snowflake | null, body: unknown): Answer => {
    const { command, created } = registry.put(guild, parseForm(commandBody, body));
    return ok<APIApplicationCommand>(command, created ? 201 : 200);
  };
  const change = (guild: Snowflake | null, id: Snowflake, body: unknown): Answer => {
    const before = registry.get(guild, id);
    const changed = z.looseObject({}).parse(body);
    return ok<APIApplicationCommand>(
      registry.put(guild, parseForm(commandBody, { ...before, ...changed, name: before.name })).command,
    );
  };
  const remove = (guild: Snowflake | null, id: Snowflake): Answer => {
    registry.remove(guild, id);
    return noContent;
  };
  return [
    route('GET /applications/:app/commands', (call) => list(everywhere(call.parameter('app')), call.query)),
    route('PUT /applications/:app/commands', (call) =>
      overwrite(everywhere(call.parameter('app')), call.body),
    ),
    route('POST /applications/:app/commands', (call) => put(everywhere(call.parameter('app')), call.body)),
    route('GET /applications/:app/commands/:command', (call) =>
      ok<APIApplicationCommand>(registry.get(everywhere(call.parameter('app')), call.parameter('command'))),
    ),
    route('PATCH /applications/:app/commands/:command', (call) =>
      change(everywhere(call.parameter('app')), call.parameter('command'), call.body),
    ),
    route('DELETE /applications/:app/commands/:command', (call) =>
      remove(everywhere(call.parameter('app')), call.parameter('command')),
    ),
    route('GET /applications/:app/guilds/:guild/commands', (call) =>
      list(inGuild(call.parameter('app'), call.parameter('guild')), call.query),
    ),
    route('PUT /applications/:app/guilds/:guild/commands', (call) =>
      overwrite(inGuild(call.parameter('app'), call.parameter('guild')), call.body),
    ),
    route('POST /applications/:app/guilds/:guild/commands', (call) =>
      put(inGuild(call.parameter('app'), call.parameter('guild')), call.body),
    ),
    route('DELETE /applications/:app/guilds/:guild/commands/:command', (call) =>
      remove(inGuild(call.parameter('app'), call.parameter('guild')), call.parameter('command')),
    ),
  ];
}

/** Lists leave translations out, unless they are asked for. */
function withoutTranslations(commands: RESTGetAPIApplicationCommandsResult): unknown {
  const json = JSON.stringify(commands, (key, value) => (key.endsWith('_localizations') ? undefined : value));
  return JSON.parse(json);
}
