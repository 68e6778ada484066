import {
  type APIApplicationCommand,
  ApplicationCommandType,
  InteractionContextType,
  PermissionFlagsBits,
  type Snowflake,
} from 'discord-api-types/v10';
import { apiError, formError } from '../api-error.ts';
import type { CommandBody } from '../rest/bodies/command.ts';
import type { ChannelRecord } from '../state/channels.ts';
import { holds, permissionsIn } from '../state/permissions.ts';
import type { World } from '../state/world.ts';

const MAX_OF_TYPE: Readonly<Record<CommandBody['type'], number>> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
};

/** The commands that the bot has registered, for everywhere and for single guilds. */
export class CommandRegistry {
  readonly #world: World;
  /** By guild; under null those for everywhere. */
  readonly #commands = new Map<Snowflake | null, readonly APIApplicationCommand[]>();
  /** Who may use what in spite of its default permissions, as administrators can set it. */
  readonly #granted = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  list(guild: Snowflake | null): readonly APIApplicationCommand[] {
    return this.#commands.get(guild) ?? [];
  }

  /** @throws ApiError Unknown application command */
  get(guild: Snowflake | null, id: Snowflake): APIApplicationCommand {
    const command = this.list(guild).find((candidate) => candidate.id === id);
    if (command === undefined) throw apiError('UnknownApplicationCommand');
    return command;
  }

  /** Replaces all; what keeps its name keeps its id. */
  overwrite(guild: Snowflake | null, bodies: readonly CommandBody[]): readonly APIApplicationCommand[] {
    const seen = new Set<string>();
    for (const [index, { type, name }] of bodies.entries()) {
      if (seen.has(`${type} ${name}`))
        throw formError(
          [index, 'name'],
          'APPLICATION_COMMANDS_DUPLICATE_NAME',
          'Application command names must be unique',
        );
      seen.add(`${type} ${name}`);
    }
    this.#checkNumbers(bodies);
    const before = this.list(guild);
    this.#commands.set(
      guild,
      bodies.map((body) => this.#register(guild, body, before)),
    );
    return this.list(guild);
  }

  /** Adds one, or replaces the one with its name. */
  put(guild: Snowflake | null, body: CommandBody): { command: APIApplicationCommand; created: boolean } {
    const before = this.list(guild);
    const others = before.filter(({ type, name }) => type !== body.type || name !== body.name);
    const command = this.#register(guild, body, before);
    this.#commands.set(guild, [...others, command]);
    return { command, created: others.length === before.length };
  }

  remove(guild: Snowflake | null, id: Snowflake): void {
    const command = this.get(guild, id);
    this.#commands.set(
      guild,
      this.list(guild).filter((other) => other !== command),
    );
  }

  /** Lets a member use a command in this guild in spite of its default permissions. */
  grant(guild: Snowflake, command: string, user: Snowflake): void {
    this.#granted.add(`${guild} ${command} ${user}`);
  }

  /** What Discord shows to this user in this channel. */
  offered(channel: ChannelRecord, user: Snowflake): readonly APIApplicationCommand[] {
    const context = channel.kind === 'guild' ? InteractionContextType.Guild : InteractionContextType.BotDM;
    const everywhere = this.list(null).filter(({ contexts, dm_permission: direct }) => {
      if (contexts !== undefined && contexts !== null) return contexts.includes(context);
      return context === InteractionContextType.Guild || direct !== false;
    });
    if (channel.kind === 'direct') return everywhere;
    const permitted = permissionsIn(channel, user);
    if (!holds(permitted, PermissionFlagsBits.UseApplicationCommands)) return [];
    return [...everywhere, ...this.list(channel.guild.id)].filter(
      ({ name, default_member_permissions: needed }) =>
        needed === null ||
        holds(permitted, needed === '0' ? PermissionFlagsBits.Administrator : BigInt(needed)) ||
        this.#granted.has(`${channel.guild.id} ${name} ${user}`),
    );
  }

  #checkNumbers(bodies: readonly CommandBody[]): void {
    for (const [type, most] of Object.entries(MAX_OF_TYPE)) {
      const number = bodies.filter((body) => String(body.type) === type).length;
      if (number > most) throw formError([], 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
    }
  }

  #register(
    guild: Snowflake | null,
    body: CommandBody,
    before: readonly APIApplicationCommand[],
  ): APIApplicationCommand {
    const known = before.find(({ type, name }) => type === body.type && name === body.name);
    const { default_member_permissions: permissions, dm_permission: direct, nsfw, ...rest } = body;
    const { contexts, integration_types: integrations, ...definition } = rest;
    return {
      ...definition,
      id: known?.id ?? this.#world.ids.next(),
      application_id: this.#world.bot.applicationId,
      version: this.#world.ids.next(),
      default_member_permissions: permissions ?? null,
      nsfw: nsfw ?? false,
      ...(guild === null
        ? {
            dm_permission: direct ?? true,
            contexts: contexts ?? null,
            integration_types: integrations ?? [0],
          }
        : { guild_id: guild }),
    };
  }
}
