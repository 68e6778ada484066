import {
  AllowedMentionsTypes,
  type APIApplicationCommand,
  type APIPartialEmoji,
  GatewayDispatchEvents as Event,
  type Locale,
  PermissionFlagsBits as May,
  MessageFlags,
  type Snowflake,
} from 'discord-api-types/v10';
import type { FileToStore } from '../cdn.ts';
import type { OptionValue } from '../interactions/options.ts';
import type { Choice } from '../rest/bodies/callback.ts';
import type { ChannelRecord } from '../state/channels.ts';
import { apiMember, type GuildRecord, type MemberRecord } from '../state/guilds.ts';
import { holds, permissionsIn } from '../state/permissions.ts';
import { Channel } from './channel.ts';
import { Interaction } from './interaction.ts';
import { type Button, type Menu, SeenMessage } from './message.ts';
import type { FieldValue, ShownModal } from './modal.ts';
import { type Parts, tellGuild } from './parts.ts';

export interface SentFile extends FileToStore {
  /** What Discord is made to say about it instead of the truth. */
  readonly claims?: { readonly url?: string; readonly size?: number; readonly content_type?: string };
}

export interface Saying {
  readonly attachments?: readonly SentFile[];
  readonly replyTo?: SeenMessage;
  /** Whether the reply notifies; as in Discord's client it does unless switched off. */
  readonly ping?: boolean;
  /** Held down the microphone instead of writing. */
  readonly isVoiceMessage?: boolean;
}

interface Where {
  /** The guild's first channel unless said otherwise. */
  readonly in?: Channel;
}

/** Somebody in a guild, doing what a person does in Discord's client. */
export class Member {
  readonly record: MemberRecord;
  readonly #guild: GuildRecord;
  readonly #home: Channel;
  readonly #parts: Parts;

  constructor(parts: Parts, guild: GuildRecord, home: Channel, record: MemberRecord) {
    this.#parts = parts;
    this.#guild = guild;
    this.#home = home;
    this.record = record;
  }

  get id(): Snowflake {
    return this.record.user.api.id;
  }

  get name(): string {
    return this.record.user.api.username;
  }

  get mention(): string {
    return `<@${this.id}>`;
  }

  get locale(): Locale {
    return this.record.user.locale;
  }

  /** The channel that only this person and the bot see. */
  get directMessages(): Channel {
    return new Channel(this.#parts, this.#parts.world.directChannelWith(this.record.user));
  }

  says(
    channel: Channel,
    text: string,
    { attachments = [], replyTo, ping = true, isVoiceMessage = false }: Saying = {},
  ): SeenMessage {
    this.#require(channel.record, May.ViewChannel | May.SendMessages);
    const { world, cdn, board } = this.#parts;
    const stored = attachments.map(({ claims, ...file }) => ({
      ...cdn.store(world.ids.next(), channel.id, file),
      ...claims,
    }));
    const record = board.post(channel.record, {
      author: this.record.user,
      content: text,
      attachments: stored,
      repliesTo: replyTo?.record,
      ...(isVoiceMessage && { flags: MessageFlags.IsVoiceMessage }),
      allowedMentions: { parse: Object.values(AllowedMentionsTypes), replied_user: ping },
    });
    return new SeenMessage(this.#parts, channel.record, record);
  }

  edits(message: SeenMessage, text: string): void {
    this.#requireOwn(message);
    this.#parts.board.edit(message.channel, message.record, { content: text });
  }

  /** What they wrote, or anything where they may manage messages. */
  deletes(message: SeenMessage): void {
    if (message.record.api.author.id !== this.id) this.#require(message.channel, May.ManageMessages);
    this.#parts.board.delete(message.channel, message.record);
  }

  reacts(message: SeenMessage, emoji: string): void {
    this.#require(message.channel, May.ViewChannel | May.AddReactions);
    this.#parts.board.react(message.channel, message.record, this.record.user, unicode(emoji));
  }

  takesBack(message: SeenMessage, emoji: string): void {
    this.#parts.board.unreact(message.channel, message.record, this.record.user, unicode(emoji));
  }

  typesIn(channel: Channel): void {
    this.#require(channel.record, May.ViewChannel | May.SendMessages);
    const { guild } = channel.record;
    this.#parts.gateway.dispatch(
      {
        t: Event.TypingStart,
        d: {
          channel_id: channel.id,
          user_id: this.id,
          timestamp: Math.floor(this.#parts.world.clock.now / 1000),
          ...(guild !== null && { guild_id: guild.id, member: apiMember(this.record) }),
        },
      },
      { inGuild: guild !== null },
    );
  }

  /** The commands that Discord shows them. */
  seesCommands({ in: channel = this.#home }: Where = {}): readonly APIApplicationCommand[] {
    return this.#parts.registry.offered(channel.record, this.id);
  }

  /** @param command its name, and its subcommand's after a space */
  uses(command: string, options: Readonly<Record<string, OptionValue>> = {}, where: Where = {}): Interaction {
    return this.#opened(this.#parts.opener.useCommand(this.#doing(where), command, options));
  }

  /**
   * What the bot offers while they type.
   * @param others what stands in the other options
   */
  typesInto(
    command: string,
    option: string,
    text: string,
    { others = {}, ...where }: Where & { readonly others?: Readonly<Record<string, string>> } = {},
  ): Promise<readonly Choice[]> {
    const given = { ...others, [option]: text };
    return this.#opened(this.#parts.opener.typeInto(this.#doing(where), command, option, given)).choices();
  }

  /** Chooses a command from the menu of a message. */
  opensMenu(message: SeenMessage, command: string): Interaction {
    this.#requireSight(message);
    return this.#opened(this.#parts.opener.openMenu(this.#at(message.channel), message.record, command));
  }

  presses({ message, customId, disabled, forged }: Button): Interaction {
    this.#requireSight(message);
    const there = message.buttons.some((button) => button.customId === customId);
    if (!forged && (disabled || !there))
      throw new Error(`The button ${customId} cannot be pressed any more.`);
    return this.#opened(this.#parts.opener.press(this.#at(message.channel), message.record, customId));
  }

  /** @param values of the options, or the ids of whom or what is chosen */
  selects({ message, component }: Menu, values: readonly string[]): Interaction {
    this.#requireSight(message);
    const { min_values: min = 1, max_values: max = 1 } = component;
    if (component.disabled === true || values.length < min || values.length > max)
      throw new Error(`The menu takes ${min} to ${max} values.`);
    const offered = 'options' in component ? component.options.map(({ value }) => value) : values;
    if (!values.every((value) => offered.includes(value)))
      throw new Error(`The menu offers ${offered.join(', ')} and not ${values.join(', ')}.`);
    return this.#opened(
      this.#parts.opener.select(this.#at(message.channel), message.record, component, values),
    );
  }

  /** @param fields what they change, by label or custom id; the rest stays as the bot filled it in */
  submits(modal: ShownModal, fields: Readonly<Record<string, FieldValue>> = {}): Interaction {
    if (modal.trigger.user !== this.record.user) throw new Error(`The modal is not shown to ${this.name}.`);
    return this.#opened(
      this.#parts.opener.submit(this.#at(modal.trigger.channel), modal.trigger, (form) =>
        modal.submission(fields, form),
      ),
    );
  }

  /** Whether the bot may write to them directly. */
  acceptDirectMessages(accepts: boolean): void {
    this.record.user.acceptsDirectMessages = accepts;
  }

  receivesRole({ id }: { readonly id: Snowflake }): void {
    this.record.roles.add(id);
    this.#tellUpdate();
  }

  losesRole({ id }: { readonly id: Snowflake }): void {
    this.record.roles.delete(id);
    this.#tellUpdate();
  }

  entersVoice(channel: Channel): void {
    this.#require(channel.record, May.ViewChannel | May.Connect);
    this.#parts.calls.enter(channel.record, this.id);
  }

  leavesVoice(): void {
    this.#parts.calls.leave(this.#guild, this.id);
  }

  /** Resolves once the last packet is sent. @param packets Opus of 20 ms each */
  speaks(
    packets: readonly Uint8Array[],
    { broken }: { readonly broken?: readonly number[] } = {},
  ): Promise<void> {
    const said = { user: this.id, packets, ...(broken !== undefined && { broken }) };
    return this.#parts.calls.speak(this.#guild, said);
  }

  leaves(): void {
    this.#guild.members.delete(this.id);
    tellGuild(this.#parts, this.#guild, {
      t: Event.GuildMemberRemove,
      d: { guild_id: this.#guild.id, user: this.record.user.api },
    });
  }

  #tellUpdate(): void {
    tellGuild(this.#parts, this.#guild, {
      t: Event.GuildMemberUpdate,
      d: { ...apiMember(this.record), guild_id: this.#guild.id },
    });
  }

  #opened(record: Interaction['record']): Interaction {
    return new Interaction(this.#parts, record);
  }

  #doing({ in: channel = this.#home }: Where) {
    return this.#at(channel.record);
  }

  #at(channel: ChannelRecord) {
    return { user: this.record.user, channel };
  }

  #requireOwn({ record }: SeenMessage): void {
    if (record.api.author.id !== this.id) throw new Error(`${this.name} did not write that.`);
  }

  #requireSight({ channel, record }: SeenMessage): void {
    this.#require(channel, May.ViewChannel);
    if (record.deleted) throw new Error('The message is deleted.');
    if (record.visibleTo !== null && record.visibleTo !== this.id)
      throw new Error(`${this.name} does not see that message.`);
  }

  #require(channel: ChannelRecord, permissions: bigint): void {
    if (holds(permissionsIn(channel, this.id), permissions)) return;
    throw new Error(`${this.name} is not allowed to do that there.`);
  }
}

function unicode(emoji: string): APIPartialEmoji {
  return { id: null, name: emoji };
}
