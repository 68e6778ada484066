import {
  type APIApplicationCommand,
  type APIMessageComponentInteractionData,
  type APIModalSubmission,
  type APISelectMenuComponent,
  ApplicationCommandType,
  ComponentType,
  InteractionType,
  MessageType,
  type Snowflake,
} from 'discord-api-types/v10';
import type { Cdn } from '../cdn.ts';
import type { CommandRegistry } from '../commands/registry.ts';
import type { ChannelRecord } from '../state/channels.ts';
import { apiMessage, type MessageRecord } from '../state/messages.ts';
import type { UserRecord } from '../state/users.ts';
import type { World } from '../state/world.ts';
import type { InteractionDesk, Opening } from './desk.ts';
import type { InteractionRecord } from './interaction.ts';
import { OptionForm, type OptionValue } from './options.ts';
import { interactionBase, ownersOf } from './payload.ts';
import { placeOf } from './subcommands.ts';

/** Who does something where. */
export interface Doing {
  readonly user: UserRecord;
  readonly channel: ChannelRecord;
}

/** Turns what a person does in Discord's client into interactions, and refuses what the client would not let them do. */
export class InteractionOpener {
  readonly #world: World;
  readonly #cdn: Cdn;
  readonly #registry: CommandRegistry;
  readonly #desk: InteractionDesk;

  constructor(world: World, cdn: Cdn, registry: CommandRegistry, desk: InteractionDesk) {
    this.#world = world;
    this.#cdn = cdn;
    this.#registry = registry;
    this.#desk = desk;
  }

  /** @param path the command's name, and its subcommand's after a space */
  useCommand(doing: Doing, path: string, given: Readonly<Record<string, OptionValue>>): InteractionRecord {
    const { command, place } = this.#chatCommand(doing, path);
    const form = this.#form(doing);
    const options = place.wrap(form.fill(place.definitions, given));
    return this.#desk.open(this.#commandOpening(doing, MessageType.ChatInputCommand), (record) => ({
      ...interactionBase(this.#world, record),
      type: InteractionType.ApplicationCommand,
      data: { ...dataOf(command), type: ApplicationCommandType.ChatInput, options, resolved: form.resolved },
    }));
  }

  typeInto(
    doing: Doing,
    path: string,
    focused: string,
    given: Readonly<Record<string, string>>,
  ): InteractionRecord {
    const { command, place } = this.#chatCommand(doing, path);
    const options = place.wrap(this.#form(doing).fillSoFar(place.definitions, given, focused));
    return this.#desk.open(
      {
        ...doing,
        type: InteractionType.ApplicationCommandAutocomplete,
        source: null,
        target: null,
        answerType: MessageType.Default,
        metadataOf: () => null,
      },
      (record) => ({
        ...interactionBase(this.#world, record),
        type: InteractionType.ApplicationCommandAutocomplete,
        data: { ...dataOf(command), type: ApplicationCommandType.ChatInput, options },
      }),
    );
  }

  openMenu(doing: Doing, target: MessageRecord, name: string): InteractionRecord {
    const command = this.#offered(doing, ApplicationCommandType.Message, name);
    const targetId = target.api.id;
    const opening = this.#commandOpening(doing, MessageType.ContextMenuCommand, target);
    return this.#desk.open(opening, (record) => ({
      ...interactionBase(this.#world, record),
      type: InteractionType.ApplicationCommand,
      data: {
        ...dataOf(command),
        type: ApplicationCommandType.Message,
        target_id: targetId,
        // The whole of it, whatever the bot may read otherwise.
        resolved: { messages: { [targetId]: apiMessage(target, this.#world.bot.user.api.id) } },
      },
    }));
  }

  press(doing: Doing, source: MessageRecord, customId: string): InteractionRecord {
    return this.#useComponent(doing, source, { component_type: ComponentType.Button, custom_id: customId });
  }

  select(
    doing: Doing,
    source: MessageRecord,
    menu: APISelectMenuComponent,
    values: readonly string[],
  ): InteractionRecord {
    const form = this.#form(doing);
    if (menu.type !== ComponentType.StringSelect) for (const id of values) form.resolve(id);
    const { users, members, roles, channels } = form.resolved;
    const chosen = { custom_id: menu.custom_id, values: [...values] };
    switch (menu.type) {
      case ComponentType.StringSelect:
        return this.#useComponent(doing, source, { ...chosen, component_type: menu.type });
      case ComponentType.UserSelect:
        return this.#useComponent(doing, source, {
          ...chosen,
          component_type: menu.type,
          resolved: { users, members },
        });
      case ComponentType.RoleSelect:
        return this.#useComponent(doing, source, {
          ...chosen,
          component_type: menu.type,
          resolved: { roles },
        });
      case ComponentType.MentionableSelect:
        return this.#useComponent(doing, source, {
          ...chosen,
          component_type: menu.type,
          resolved: { users, members, roles },
        });
      case ComponentType.ChannelSelect:
        return this.#useComponent(doing, source, {
          ...chosen,
          component_type: menu.type,
          resolved: { channels },
        });
    }
  }

  /** @param fill makes what is submitted, with the form at hand for files */
  submit(
    doing: Doing,
    trigger: InteractionRecord,
    fill: (form: OptionForm) => Omit<APIModalSubmission, 'resolved'>,
  ): InteractionRecord {
    const { metadata, source, answerType } = trigger;
    if (metadata === null || metadata.type === InteractionType.ModalSubmit)
      throw new Error('Only commands and components open modals.');
    const form = this.#form(doing);
    const submission = fill(form);
    return this.#desk.open(
      {
        ...doing,
        type: InteractionType.ModalSubmit,
        source,
        target: null,
        answerType,
        metadataOf: (id) => ({
          ...this.#madeBy(doing, id),
          type: InteractionType.ModalSubmit,
          triggering_interaction_metadata: metadata,
        }),
      },
      (record) => ({
        ...interactionBase(this.#world, record),
        type: InteractionType.ModalSubmit,
        data: { ...submission, resolved: { attachments: form.resolved.attachments } },
        ...(source !== null && { message: apiMessage(source, this.#world.bot.user.api.id) }),
      }),
    );
  }

  #useComponent(
    doing: Doing,
    source: MessageRecord,
    data: APIMessageComponentInteractionData,
  ): InteractionRecord {
    return this.#desk.open(
      {
        ...doing,
        type: InteractionType.MessageComponent,
        source,
        target: null,
        answerType: MessageType.Reply,
        metadataOf: (id) => ({
          ...this.#madeBy(doing, id),
          type: InteractionType.MessageComponent,
          interacted_message_id: source.api.id,
        }),
      },
      (record) => ({
        ...interactionBase(this.#world, record),
        type: InteractionType.MessageComponent,
        message: apiMessage(source, this.#world.bot.user.api.id),
        data,
      }),
    );
  }

  #commandOpening(doing: Doing, answerType: MessageType, target: MessageRecord | null = null): Opening {
    return {
      ...doing,
      type: InteractionType.ApplicationCommand,
      source: null,
      target,
      answerType,
      metadataOf: (id) => ({
        ...this.#madeBy(doing, id),
        type: InteractionType.ApplicationCommand,
        ...(target !== null && { target_message_id: target.api.id }),
      }),
    };
  }

  #madeBy({ user, channel }: Doing, id: Snowflake) {
    return { id, user: user.api, authorizing_integration_owners: ownersOf(channel.guild?.id) };
  }

  #chatCommand(doing: Doing, path: string) {
    const [name = '', ...subcommands] = path.split(' ');
    const command = this.#offered(doing, ApplicationCommandType.ChatInput, name);
    return { command, place: placeOf(command.options ?? [], subcommands) };
  }

  #offered({ user, channel }: Doing, type: ApplicationCommandType, name: string): APIApplicationCommand {
    const offered = this.#registry.offered(channel, user.api.id).filter((command) => command.type === type);
    const command = offered.find((candidate) => candidate.name === name);
    if (command !== undefined) return command;
    const names = offered.map((candidate) => candidate.name).join(', ');
    throw new Error(
      `Discord does not offer "${name}" to ${user.api.username} there, only: ${names || 'nothing'}.`,
    );
  }

  #form(doing: Doing): OptionForm {
    return new OptionForm(this.#world, this.#cdn, doing);
  }
}

function dataOf({ id, name, guild_id: guild }: APIApplicationCommand) {
  return { id, name, ...(guild !== undefined && { guild_id: guild }) };
}
