import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandInteractionDataBasicOption,
  type APIInteractionDataResolved,
  type InteractionType,
  ApplicationCommandOptionType as Option,
  type Snowflake,
} from 'discord-api-types/v10';
import type { Cdn, FileToStore } from '../cdn.ts';
import { apiGuildChannel, type ChannelRecord } from '../state/channels.ts';
import { apiMemberWithoutUser } from '../state/guilds.ts';
import { permissionsIn, permissionsInGuild } from '../state/permissions.ts';
import type { UserRecord } from '../state/users.ts';
import type { World } from '../state/world.ts';

/** What a person fills in: a text, a number, a file, or somebody or something by its id. */
export type OptionValue = string | number | boolean | FileToStore | { readonly id: Snowflake };

type Filled = APIApplicationCommandInteractionDataBasicOption<InteractionType.ApplicationCommand>;

/** Fills options in as Discord's own client lets a person do it, and no other way. */
export class OptionForm {
  readonly #world: World;
  readonly #cdn: Cdn;
  readonly #user: Snowflake;
  readonly #channel: ChannelRecord;
  readonly resolved: Required<APIInteractionDataResolved> = {
    users: {},
    members: {},
    roles: {},
    channels: {},
    attachments: {},
  };

  constructor(world: World, cdn: Cdn, { user, channel }: { user: UserRecord; channel: ChannelRecord }) {
    this.#world = world;
    this.#cdn = cdn;
    this.#user = user.api.id;
    this.#channel = channel;
  }

  /** @throws Error where a person could not have sent it */
  fill(
    definitions: readonly APIApplicationCommandBasicOption[],
    given: Readonly<Record<string, OptionValue>>,
  ): Filled[] {
    const unknown = Object.keys(given).find((name) => !definitions.some((option) => option.name === name));
    if (unknown !== undefined) throw new Error(`There is no option ${unknown}.`);
    return definitions.flatMap((definition) => {
      const value = given[definition.name];
      if (value !== undefined) return this.#fillOne(definition, value);
      if (definition.required === true) throw new Error(`The option ${definition.name} is required.`);
      return [];
    });
  }

  /** While a person types into one option; the others may still be missing. */
  fillSoFar(
    definitions: readonly APIApplicationCommandBasicOption[],
    given: Readonly<Record<string, string>>,
    focused: string,
  ): APIApplicationCommandInteractionDataBasicOption<InteractionType.ApplicationCommandAutocomplete>[] {
    return Object.entries(given).map(([name, value]) => {
      const definition = definitions.find((option) => option.name === name);
      if (definition === undefined) throw new Error(`There is no option ${name}.`);
      const { type } = definition;
      if (type !== Option.String && type !== Option.Integer && type !== Option.Number)
        throw new Error(`Nothing can be typed into the option ${name}.`);
      if (name !== focused) return { name, type, value };
      if (!('autocomplete' in definition) || definition.autocomplete !== true)
        throw new Error(`The option ${name} has no autocomplete.`);
      return { name, type, value, focused: true };
    });
  }

  #fillOne(definition: APIApplicationCommandBasicOption, value: OptionValue): Filled {
    const { name, type } = definition;
    switch (type) {
      case Option.String:
        return { name, type, value: textFor(definition, value) };
      case Option.Integer:
      case Option.Number:
        return { name, type, value: numberFor(definition, value) };
      case Option.Boolean:
        if (typeof value !== 'boolean') throw new Error(`The option ${name} is yes or no.`);
        return { name, type, value };
      case Option.Attachment:
        return { name, type, value: this.attach(fileFor(name, value)) };
      case Option.User:
        return { name, type, value: this.#resolveUser(idFor(name, value)) };
      case Option.Role:
        return { name, type, value: this.#resolveRole(idFor(name, value)) };
      case Option.Channel:
        return { name, type, value: this.#resolveChannel(idFor(name, value)) };
      case Option.Mentionable: {
        const id = idFor(name, value);
        return {
          name,
          type,
          value: this.#world.users.has(id) ? this.#resolveUser(id) : this.#resolveRole(id),
        };
      }
    }
  }

  /** Uploads a file that comes with the interaction; its id. */
  attach(file: FileToStore): Snowflake {
    const id = this.#world.ids.next();
    this.resolved.attachments[id] = this.#cdn.store(id, this.#world.bot.applicationId, file, {
      ephemeral: true,
    });
    return id;
  }

  /** Puts whatever has this id among what is resolved. */
  resolve(id: Snowflake): Snowflake {
    if (this.#world.users.has(id)) return this.#resolveUser(id);
    return this.#channel.guild?.roles.has(id) === true ? this.#resolveRole(id) : this.#resolveChannel(id);
  }

  #resolveUser(id: Snowflake): Snowflake {
    const user = this.#world.users.get(id);
    if (user === undefined) throw new Error(`There is no user ${id}.`);
    this.resolved.users[id] = user.api;
    const { guild } = this.#channel;
    const member = guild?.members.get(id);
    if (guild !== null && member !== undefined)
      this.resolved.members[id] = {
        ...apiMemberWithoutUser(member),
        permissions: String(permissionsInGuild(guild, id)),
      };
    return id;
  }

  #resolveRole(id: Snowflake): Snowflake {
    const role = this.#channel.guild?.roles.get(id);
    if (role === undefined) throw new Error(`There is no role ${id} in this place.`);
    this.resolved.roles[id] = role;
    return id;
  }

  #resolveChannel(id: Snowflake): Snowflake {
    const channel = this.#world.channel(id);
    if (channel.kind === 'direct') throw new Error('A channel of direct messages cannot be chosen.');
    const { name, type } = apiGuildChannel(channel);
    this.resolved.channels[id] = { id, name, type, permissions: String(permissionsIn(channel, this.#user)) };
    return id;
  }
}

type Definition<Type extends Option> = Extract<APIApplicationCommandBasicOption, { type: Type }>;

function textFor({ name, ...definition }: Definition<Option.String>, value: OptionValue): string {
  if (typeof value !== 'string') throw new Error(`The option ${name} is a text.`);
  const { min_length: min = 0, max_length: max = 6000 } = definition;
  const length = [...value].length;
  if (length < min || length > max) throw new Error(`The option ${name} takes ${min} to ${max} characters.`);
  checkChoice(name, 'choices' in definition ? definition.choices : undefined, value);
  return value;
}

function numberFor(
  { name, type, ...definition }: Definition<Option.Integer> | Definition<Option.Number>,
  value: OptionValue,
): number {
  if (typeof value !== 'number' || (type === Option.Integer && !Number.isInteger(value)))
    throw new Error(`The option ${name} is a number.`);
  const { min_value: min = Number.MIN_SAFE_INTEGER, max_value: max = Number.MAX_SAFE_INTEGER } = definition;
  if (value < min || value > max) throw new Error(`The option ${name} goes from ${min} to ${max}.`);
  checkChoice(name, 'choices' in definition ? definition.choices : undefined, value);
  return value;
}

function checkChoice(
  name: string,
  choices: readonly { readonly value: string | number }[] = [],
  value: string | number,
): void {
  if (choices.length === 0 || choices.some((choice) => choice.value === value)) return;
  throw new Error(`The option ${name} is one of ${choices.map((choice) => choice.value).join(', ')}.`);
}

function fileFor(name: string, value: OptionValue): FileToStore {
  if (typeof value === 'object' && 'bytes' in value) return value;
  throw new Error(`The option ${name} is a file.`);
}

function idFor(name: string, value: OptionValue): Snowflake {
  if (typeof value === 'object' && 'id' in value) return value.id;
  throw new Error(`The option ${name} is somebody or something in the guild.`);
}
