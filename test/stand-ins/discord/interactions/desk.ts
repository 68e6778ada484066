import { randomBytes } from 'node:crypto';
import {
  type APIInteraction,
  type APIMessageInteractionMetadata,
  GatewayDispatchEvents as Event,
  InteractionType,
  MessageFlags,
  InteractionResponseType as Response,
  type Snowflake,
} from 'discord-api-types/v10';
import { ApiError, apiError, formError } from '../api-error.ts';
import type { Dispatcher } from '../gateway/dispatch.ts';
import { isLoading, type MessageBoard } from '../messages/board.ts';
import { type BotMessages, RESPONSE_FLAGS } from '../messages/from-body.ts';
import type { Callback } from '../rest/bodies/callback.ts';
import type { EditBody, ResponseBody } from '../rest/bodies/message.ts';
import type { UploadedFile } from '../rest/body.ts';
import type { MessageRecord } from '../state/messages.ts';
import type { World } from '../state/world.ts';
import type { InteractionRecord, Reaction } from './interaction.ts';

export const ANSWER_WITHIN_MS = 3_000;
export const TOKEN_LIFETIME_MS = 15 * 60_000;

type Files = ReadonlyMap<string, UploadedFile>;
export type Opening = Pick<
  InteractionRecord,
  'type' | 'user' | 'channel' | 'source' | 'target' | 'answerType'
> & { readonly metadataOf: (id: Snowflake) => APIMessageInteractionMetadata | null };

const withoutMessage = [
  Response.ChannelMessageWithSource,
  Response.DeferredChannelMessageWithSource,
] as const;
const toMessage = [Response.DeferredMessageUpdate, Response.UpdateMessage] as const;

/** Takes interactions to the bot and its answers back, by Discord's rules about when and how often. */
export class InteractionDesk {
  readonly #world: World;
  readonly #dispatcher: Dispatcher;
  readonly #board: MessageBoard;
  readonly #botMessages: BotMessages;
  readonly #byId = new Map<Snowflake, InteractionRecord>();
  readonly #byToken = new Map<string, InteractionRecord>();

  constructor(world: World, dispatcher: Dispatcher, board: MessageBoard, botMessages: BotMessages) {
    this.#world = world;
    this.#dispatcher = dispatcher;
    this.#board = board;
    this.#botMessages = botMessages;
  }

  /** @param payload what the bot gets of it */
  open(
    { metadataOf, ...opening }: Opening,
    payload: (record: InteractionRecord) => APIInteraction,
  ): InteractionRecord {
    const id = this.#world.ids.next();
    const record: InteractionRecord = {
      ...opening,
      id,
      token: randomBytes(64).toString('base64url'),
      createdAt: this.#world.clock.now,
      metadata: metadataOf(id),
      acknowledged: null,
      original: null,
      reactions: this.#world.inbox(`the bot's answer to the interaction ${id}`),
    };
    this.#byId.set(id, record);
    this.#byToken.set(record.token, record);
    this.#dispatcher.dispatch(
      { t: Event.InteractionCreate, d: payload(record) },
      { inGuild: record.channel.kind === 'guild' },
    );
    return record;
  }

  /** @throws ApiError where it is too late, answered before, or not the answer to such a thing */
  respond(id: Snowflake, token: string, callback: () => Callback, files: Files): InteractionRecord {
    const record = this.#byId.get(id);
    if (record === undefined || record.token !== token) throw apiError('UnknownInteraction');
    try {
      if (record.acknowledged !== null) throw apiError('InteractionHasAlreadyBeenAcknowledged');
      if (this.#world.clock.now - record.createdAt > ANSWER_WITHIN_MS) throw apiError('UnknownInteraction');
      this.#carryOut(record, callback(), files);
    } catch (error) {
      if (error instanceof ApiError) record.reactions.add({ kind: 'refused', why: error.message });
      throw error;
    }
    return record;
  }

  /** @throws ApiError where the token is not known, not yet of use or no longer of use */
  byToken(application: Snowflake, token: string): InteractionRecord {
    const record = this.#byToken.get(token);
    if (application !== this.#world.bot.applicationId || record === undefined || record.acknowledged === null)
      throw apiError('UnknownWebhook');
    if (this.#world.clock.now - record.createdAt > TOKEN_LIFETIME_MS) throw apiError('InvalidWebhookToken');
    return record;
  }

  /** @param id of a message, or `@original` */
  message(record: InteractionRecord, id: string): MessageRecord {
    const message = id === '@original' ? record.original : record.channel.messages.get(id);
    if (message === null || message === undefined || message.deleted) throw apiError('UnknownMessage');
    if (message.api.author.id !== this.#world.bot.user.api.id) throw apiError('UnknownMessage');
    return message;
  }

  edit(record: InteractionRecord, message: MessageRecord, body: EditBody, files: Files): void {
    const wasLoading = isLoading(message);
    this.#board.edit(
      record.channel,
      message,
      this.#botMessages.changes(record.channel, message, body, files),
    );
    if (wasLoading) record.reactions.add({ kind: 'replied', message });
    else if (message === record.source) record.reactions.add({ kind: 'updated', message });
  }

  /** The first one after a deferral takes the place of what was awaited. */
  followUp(record: InteractionRecord, body: ResponseBody, files: Files): MessageRecord {
    const { original } = record;
    if (original !== null && !original.deleted && isLoading(original)) {
      this.edit(record, original, body, files);
      return original;
    }
    const message = this.#post(record, body, files, original ?? undefined);
    record.reactions.add({ kind: 'followed up', message });
    return message;
  }

  delete(record: InteractionRecord, message: MessageRecord): void {
    this.#board.delete(record.channel, message);
    if (message === record.original) record.reactions.add({ kind: 'deleted reply' });
  }

  #carryOut(record: InteractionRecord, callback: Callback, files: Files): void {
    const allowed = allowedCallbacks(record);
    if (!allowed.includes(callback.type))
      throw formError(['type'], 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`);
    const reactions = this.#reactionsTo(record, callback, files);
    record.acknowledged = callback.type;
    const ephemeral = record.original?.visibleTo === record.user.api.id;
    record.reactions.add({ kind: 'acknowledged', how: callback.type, ephemeral });
    for (const reaction of reactions) record.reactions.add(reaction);
  }

  #reactionsTo(record: InteractionRecord, callback: Callback, files: Files): readonly Reaction[] {
    switch (callback.type) {
      case Response.ChannelMessageWithSource: {
        const message = this.#post(record, callback.message, files, record.source ?? undefined);
        record.original = message;
        return [{ kind: 'replied', message }];
      }
      case Response.DeferredChannelMessageWithSource: {
        const flags = (callback.flags & MessageFlags.Ephemeral) | MessageFlags.Loading;
        record.original = this.#board.post(record.channel, {
          author: this.#world.bot.user,
          flags,
          ...this.#answering(record, flags),
        });
        return [];
      }
      case Response.DeferredMessageUpdate:
        record.original = record.source;
        return [];
      case Response.UpdateMessage: {
        if (record.source === null) return [];
        record.original = record.source;
        this.edit(record, record.source, callback.message, files);
        return [];
      }
      case Response.ApplicationCommandAutocompleteResult:
        return [{ kind: 'choices', choices: callback.choices }];
      case Response.Modal:
        return [{ kind: 'modal', modal: callback.modal }];
    }
  }

  #post(
    record: InteractionRecord,
    body: ResponseBody,
    files: Files,
    repliesTo: MessageRecord | undefined,
  ): MessageRecord {
    const draft = this.#botMessages.draft(record.channel, body, files, { flags: RESPONSE_FLAGS });
    return this.#board.post(record.channel, {
      ...draft,
      tts: body.tts ?? false,
      repliesTo,
      ...this.#answering(record, draft.flags),
    });
  }

  #answering({ metadata, answerType, user }: InteractionRecord, flags: number) {
    return {
      ...(metadata !== null && { interaction: { metadata, type: answerType } }),
      visibleTo: (flags & MessageFlags.Ephemeral) === 0 ? null : user.api.id,
    };
  }
}

function allowedCallbacks({ type, source }: InteractionRecord): readonly Response[] {
  switch (type) {
    case InteractionType.ApplicationCommand:
      return [...withoutMessage, Response.Modal];
    case InteractionType.MessageComponent:
      return [...withoutMessage, ...toMessage, Response.Modal];
    case InteractionType.ModalSubmit:
      return source === null ? withoutMessage : [...withoutMessage, ...toMessage];
    case InteractionType.ApplicationCommandAutocomplete:
      return [Response.ApplicationCommandAutocompleteResult];
    case InteractionType.Ping:
      return [Response.Pong];
  }
}
