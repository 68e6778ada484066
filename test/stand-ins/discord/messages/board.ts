import {
  type APIAllowedMentions,
  type APIAttachment,
  type APIEmbed,
  type APIMessage,
  type APIMessageInteractionMetadata,
  type APIMessageTopLevelComponent,
  type APIPartialEmoji,
  GatewayDispatchEvents as Event,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  PermissionFlagsBits,
  ReactionType,
  type Snowflake,
} from 'discord-api-types/v10';
import { apiError } from '../api-error.ts';
import type { Dispatcher } from '../gateway/dispatch.ts';
import type { ChannelRecord } from '../state/channels.ts';
import { apiMember, apiMemberWithoutUser } from '../state/guilds.ts';
import { apiMessage, type MessageRecord } from '../state/messages.ts';
import { holds, permissionsIn } from '../state/permissions.ts';
import type { UserRecord } from '../state/users.ts';
import type { World } from '../state/world.ts';
import { mentionsOf } from './mentions.ts';
import { placeInEmbeds } from './uploads.ts';

const MAX_REACTIONS = 20;

/** What an author writes. */
export interface Draft {
  readonly author: UserRecord;
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly components?: APIMessageTopLevelComponent[];
  readonly attachments?: readonly APIAttachment[];
  readonly allowedMentions?: APIAllowedMentions | undefined;
  readonly flags?: number;
  readonly tts?: boolean;
  readonly nonce?: string | number | undefined;
  readonly repliesTo?: MessageRecord | undefined;
  /** Set for what answers an interaction. */
  readonly interaction?: { readonly metadata: APIMessageInteractionMetadata; readonly type: MessageType };
  readonly visibleTo?: Snowflake | null;
  /** Set for what a webhook writes. */
  readonly webhook?: Snowflake;
}

/** What an edit changes; undefined leaves a thing as it is. */
export interface Changes {
  readonly content?: string | undefined;
  readonly embeds?: readonly APIEmbed[] | undefined;
  readonly components?: APIMessageTopLevelComponent[] | undefined;
  readonly attachments?: readonly APIAttachment[] | undefined;
  readonly allowedMentions?: APIAllowedMentions | undefined;
  readonly flags?: number | undefined;
}

/** Writes, changes and removes messages, and tells the gateway and the waiting tests. */
export class MessageBoard {
  readonly #world: World;
  readonly #dispatcher: Dispatcher;

  constructor(world: World, dispatcher: Dispatcher) {
    this.#world = world;
    this.#dispatcher = dispatcher;
  }

  post(channel: ChannelRecord, draft: Draft): MessageRecord {
    const id = this.#world.ids.next();
    const { author, repliesTo, interaction, allowedMentions, nonce, flags = 0 } = draft;
    const content = (draft.content ?? '').trim();
    const placed = placeInEmbeds(draft.embeds ?? [], draft.attachments ?? []);
    const mentions = mentionsOf(this.#world, {
      channel,
      author: author.api.id,
      content,
      allowed: allowedMentions,
      // An answer to an interaction notifies nobody by being a reply.
      repliedTo: interaction === undefined ? repliesTo?.api.author : undefined,
    });
    const api: APIMessage = {
      id,
      channel_id: channel.id,
      author: author.api,
      content,
      timestamp: this.#world.clock.timestamp,
      edited_timestamp: null,
      tts: draft.tts ?? false,
      mention_everyone: mentions.everyone,
      mentions: [...mentions.users],
      mention_roles: [...mentions.roles],
      attachments: placed.attachments,
      embeds: placed.embeds,
      components: draft.components ?? [],
      pinned: false,
      flags: flags as MessageFlags,
      type: interaction?.type ?? (repliesTo === undefined ? MessageType.Default : MessageType.Reply),
      ...(draft.webhook !== undefined && { webhook_id: draft.webhook }),
      ...(repliesTo !== undefined && referenceTo(channel, repliesTo)),
      ...(interaction !== undefined && {
        interaction_metadata: interaction.metadata,
        application_id: this.#world.bot.applicationId,
        webhook_id: this.#world.bot.applicationId,
      }),
    };
    const record: MessageRecord = {
      api,
      visibleTo: draft.visibleTo ?? null,
      reactions: new Map(),
      allowedMentions,
      versions: this.#world.inbox(`a new state of the message "${content.slice(0, 50)}"`),
      deleted: false,
    };
    channel.messages.set(id, record);
    channel.lastMessage = id;
    record.versions.add(api);
    this.#announce(Event.MessageCreate, channel, record, nonce === undefined ? {} : { nonce });
    if (!isLoading(record)) this.#show(channel, record);
    return record;
  }

  edit(channel: ChannelRecord, record: MessageRecord, changes: Changes): void {
    const { api } = record;
    const wasLoading = isLoading(record);
    const placed = placeInEmbeds(changes.embeds ?? api.embeds, changes.attachments ?? api.attachments);
    record.api = {
      ...api,
      ...placed,
      ...(changes.content !== undefined && this.#rewritten(channel, record, changes.content, changes)),
      components: changes.components ?? api.components ?? [],
      flags: editedFlags(api.flags ?? 0, changes.flags),
      // What was only awaited is not edited by coming.
      edited_timestamp: wasLoading ? null : this.#world.clock.timestamp,
    };
    this.#announce(Event.MessageUpdate, channel, record);
    record.versions.add(record.api);
    if (wasLoading) this.#show(channel, record);
  }

  /** A new text is searched for mentions anew, whatever was allowed for the old one. */
  #rewritten(
    channel: ChannelRecord,
    record: MessageRecord,
    written: string,
    { allowedMentions: allowed }: Changes,
  ): Pick<APIMessage, 'content' | 'mentions' | 'mention_roles' | 'mention_everyone'> {
    const { author, referenced_message: replied, interaction_metadata: interaction } = record.api;
    const content = written.trim();
    record.allowedMentions = allowed;
    const mentions = mentionsOf(this.#world, {
      channel,
      author: author.id,
      content,
      allowed,
      repliedTo: interaction === undefined ? replied?.author : undefined,
    });
    return {
      content,
      mention_everyone: mentions.everyone,
      mentions: [...mentions.users],
      mention_roles: [...mentions.roles],
    };
  }

  delete(channel: ChannelRecord, record: MessageRecord): void {
    channel.messages.delete(record.api.id);
    record.deleted = true;
    record.versions.add(record.api);
    if (!this.#isHeard(channel, record)) return;
    this.#dispatcher.dispatch(
      { t: Event.MessageDelete, d: { id: record.api.id, ...placeOf(channel) } },
      { inGuild: channel.kind === 'guild' },
    );
  }

  /** @throws ApiError where there are too many kinds already */
  react(channel: ChannelRecord, record: MessageRecord, user: UserRecord, emoji: APIPartialEmoji): void {
    const key = emojiKey(emoji);
    const known = record.reactions.get(key);
    if (known?.users.has(user.api.id) === true) return;
    if (known === undefined && record.reactions.size === MAX_REACTIONS)
      throw apiError('MaximumNumberOfReactionsReached');
    if (known === undefined) record.reactions.set(key, { emoji, users: new Set([user.api.id]) });
    else known.users.add(user.api.id);
    record.versions.add(record.api);
    if (!this.#isHeard(channel, record)) return;
    const member = channel.guild?.members.get(user.api.id);
    this.#dispatcher.dispatch(
      {
        t: Event.MessageReactionAdd,
        d: {
          ...this.#reaction(channel, record, user, emoji),
          message_author_id: record.api.author.id,
          ...(member !== undefined && { member: apiMember(member) }),
        },
      },
      { inGuild: channel.kind === 'guild' },
    );
  }

  unreact(channel: ChannelRecord, record: MessageRecord, user: UserRecord, emoji: APIPartialEmoji): void {
    const key = emojiKey(emoji);
    const known = record.reactions.get(key);
    if (known?.users.delete(user.api.id) !== true) return;
    if (known.users.size === 0) record.reactions.delete(key);
    record.versions.add(record.api);
    if (!this.#isHeard(channel, record)) return;
    this.#dispatcher.dispatch(
      { t: Event.MessageReactionRemove, d: this.#reaction(channel, record, user, emoji) },
      { inGuild: channel.kind === 'guild' },
    );
  }

  #reaction(channel: ChannelRecord, record: MessageRecord, user: UserRecord, emoji: APIPartialEmoji) {
    return {
      ...placeOf(channel),
      user_id: user.api.id,
      message_id: record.api.id,
      emoji,
      burst: false,
      type: ReactionType.Normal,
    };
  }

  /** @param once what is told with this event and never again */
  #announce(
    t: Event.MessageCreate | Event.MessageUpdate,
    channel: ChannelRecord,
    record: MessageRecord,
    once: Pick<APIMessage, 'nonce'> = {},
  ): void {
    if (!this.#isHeard(channel, record)) return;
    const members = channel.guild?.members;
    const member = members?.get(record.api.author.id);
    const d = {
      ...apiMessage(record, this.#world.bot.user.api.id),
      ...once,
      channel_type: channel.type,
      mentions: record.api.mentions.map((user) => {
        const mentioned = members?.get(user.id);
        return mentioned === undefined ? user : { ...user, member: apiMemberWithoutUser(mentioned) };
      }),
      ...(channel.guild !== null && { guild_id: channel.guild.id }),
      ...(member !== undefined && { member: apiMemberWithoutUser(member) }),
    };
    this.#dispatcher.dispatch({ t, d }, { inGuild: channel.kind === 'guild' });
  }

  /** Whether the bot is where it would hear of it. */
  #isHeard(channel: ChannelRecord, { visibleTo }: MessageRecord): boolean {
    const permitted = permissionsIn(channel, this.#world.bot.user.api.id);
    return visibleTo === null && holds(permitted, PermissionFlagsBits.ViewChannel);
  }

  #show(channel: ChannelRecord, record: MessageRecord): void {
    const byBot = record.api.author.id === this.#world.bot.user.api.id;
    if (byBot && record.visibleTo === null) channel.posted.add(record);
  }
}

export function isLoading({ api }: MessageRecord): boolean {
  return ((api.flags ?? 0) & MessageFlags.Loading) !== 0;
}

export function emojiKey({ id, name }: APIPartialEmoji): string {
  return id === null ? (name ?? '') : `${name}:${id}`;
}

/** An edit may suppress the embeds and ends the wait; the rest of the flags stays. */
function editedFlags(before: number, changed: number | undefined): MessageFlags {
  const kept = before & ~MessageFlags.Loading;
  if (changed === undefined) return kept;
  return (kept & ~MessageFlags.SuppressEmbeds) | (changed & MessageFlags.SuppressEmbeds);
}

function placeOf(channel: ChannelRecord): { readonly channel_id: Snowflake; readonly guild_id?: Snowflake } {
  return { channel_id: channel.id, ...(channel.guild !== null && { guild_id: channel.guild.id }) };
}

function referenceTo(channel: ChannelRecord, { api }: MessageRecord) {
  const { referenced_message: _, ...referenced } = api;
  return {
    message_reference: { type: MessageReferenceType.Default, ...placeOf(channel), message_id: api.id },
    referenced_message: referenced,
  };
}
