import {
  type APIMessage,
  GatewayIntentBits,
  PermissionFlagsBits as May,
  type RESTGetAPIChannelMessageResult,
  type RESTGetAPIChannelMessagesResult,
  type RESTGetAPIChannelResult,
  type RESTPatchAPIChannelMessageResult,
  type RESTPostAPIChannelMessageResult,
  type Snowflake,
} from 'discord-api-types/v10';
import { apiError, formError } from '../../api-error.ts';
import { asRead } from '../../gateway/message-content.ts';
import type { MessageBoard } from '../../messages/board.ts';
import { type BotMessages, CHANNEL_FLAGS } from '../../messages/from-body.ts';
import { apiChannel, type ChannelRecord } from '../../state/channels.ts';
import { apiMessage, type MessageRecord } from '../../state/messages.ts';
import type { World } from '../../state/world.ts';
import { type CreationBody, parseCreation, parseEdit } from '../bodies/message.ts';
import { type Call, noContent, ok, type Route, route } from '../route.ts';
import type { BotAccess } from './access.ts';

const PAGE = 50;
const MAX_PAGE = 100;
/** How long a nonce is kept apart from others; Discord says a few minutes. */
const NONCE_LIFETIME_MS = 5 * 60_000;

/** Channels and what is written in them. */
export function messageRoutes(
  world: World,
  access: BotAccess,
  board: MessageBoard,
  botMessages: BotMessages,
): readonly Route[] {
  const byNonce = new Map<string, { readonly message: MessageRecord; readonly at: number }>();
  return [
    route('GET /channels/:channel', ({ parameter }) =>
      ok<RESTGetAPIChannelResult>(apiChannel(access.channel(parameter('channel')))),
    ),
    route('POST /channels/:channel/typing', ({ parameter }) => {
      access.channel(parameter('channel'), May.SendMessages).typing.add(world.clock.now);
      return noContent;
    }),
    route('GET /channels/:channel/messages', ({ parameter, query }) => {
      const channel = access.channel(parameter('channel'));
      if (!access.may(channel, May.ReadMessageHistory)) return ok<RESTGetAPIChannelMessagesResult>([]);
      return ok<RESTGetAPIChannelMessagesResult>(
        page(channel, query).map((message) => read(channel, message)),
      );
    }),
    route('GET /channels/:channel/messages/:message', ({ parameter }) => {
      const channel = access.channel(parameter('channel'), May.ReadMessageHistory);
      return ok<RESTGetAPIChannelMessageResult>(read(channel, access.message(channel, parameter('message'))));
    }),
    route('POST /channels/:channel/messages', create),
    route('PATCH /channels/:channel/messages/:message', ({ parameter, body, files }) => {
      const channel = access.channel(parameter('channel'));
      const message = access.message(channel, parameter('message'));
      if (message.api.author.id !== world.bot.user.api.id)
        throw apiError('CannotEditMessageAuthoredByAnotherUser');
      board.edit(channel, message, botMessages.changes(channel, message, parseEdit(body), files));
      return ok<RESTPatchAPIChannelMessageResult>(read(channel, message));
    }),
    route('DELETE /channels/:channel/messages/:message', ({ parameter }) => {
      const channel = access.channel(parameter('channel'));
      const message = access.message(channel, parameter('message'));
      const own = message.api.author.id === world.bot.user.api.id;
      if (!own && !access.may(channel, May.ManageMessages)) throw apiError('MissingPermissions');
      board.delete(channel, message);
      return noContent;
    }),
  ];

  function create({ parameter, body: json, files }: Call<'POST /channels/:channel/messages'>) {
    const channel = access.channel(parameter('channel'), May.SendMessages);
    if (channel.kind === 'direct' && !channel.recipient.acceptsDirectMessages)
      throw apiError('CannotSendMessagesToThisUser');
    const body = parseCreation(json);
    if (files.size > 0 && !access.may(channel, May.AttachFiles)) throw apiError('MissingPermissions');
    if ((body.embeds ?? []).length > 0 && !access.may(channel, May.EmbedLinks))
      throw apiError('MissingPermissions');
    const repliesTo = referenced(channel, body);
    const nonce = body.nonce ?? undefined;
    const known = body.enforce_nonce === true && nonce !== undefined ? sentAlready(nonce) : undefined;
    if (known !== undefined) return created(known, nonce);
    const message = board.post(channel, {
      ...botMessages.draft(channel, body, files, { flags: CHANNEL_FLAGS }),
      tts: body.tts ?? false,
      nonce,
      repliesTo,
    });
    if (nonce !== undefined) byNonce.set(String(nonce), { message, at: world.clock.now });
    return created(message, nonce);
  }

  function created(message: MessageRecord, nonce: string | number | undefined) {
    return ok<RESTPostAPIChannelMessageResult>({
      ...apiMessage(message, world.bot.user.api.id),
      ...(nonce !== undefined && { nonce }),
    });
  }

  function sentAlready(nonce: string | number): MessageRecord | undefined {
    const known = byNonce.get(String(nonce));
    return known !== undefined && world.clock.now - known.at < NONCE_LIFETIME_MS ? known.message : undefined;
  }

  function referenced(
    channel: ChannelRecord,
    { message_reference: reference }: CreationBody,
  ): MessageRecord | undefined {
    if (reference === undefined || reference === null) return undefined;
    if (!access.may(channel, May.ReadMessageHistory))
      throw apiError('CannotReplyWithoutPermissionToReadMessageHistory');
    const message = channel.messages.get(reference.message_id);
    if (message !== undefined) return message;
    if (reference.fail_if_not_exists === false) return undefined;
    throw formError(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  }

  function read(channel: ChannelRecord, message: MessageRecord): APIMessage {
    const bot = world.bot.user.api.id;
    return asRead(apiMessage(message, bot), {
      bot,
      readsContent: world.bot.privilegedIntents.includes(GatewayIntentBits.MessageContent),
      inDirectMessages: channel.kind === 'direct',
    });
  }
}

/** Newest first. */
function page(channel: ChannelRecord, query: URLSearchParams): readonly MessageRecord[] {
  const limit = Number(query.get('limit') ?? PAGE);
  if (!(limit >= 1 && limit <= MAX_PAGE))
    throw formError(['limit'], 'NUMBER_TYPE_MAX', `int value should be between 1 and ${MAX_PAGE}.`);
  const messages = [...channel.messages.values()].filter(({ visibleTo }) => visibleTo === null);
  const before = (id: Snowflake) => messages.filter(({ api }) => BigInt(api.id) < BigInt(id));
  const after = (id: Snowflake) => messages.filter(({ api }) => BigInt(api.id) > BigInt(id));
  const [around, until, since] = ['around', 'before', 'after'].map((key) => query.get(key));
  const chosen =
    typeof around === 'string'
      ? [
          ...before(around).slice(-Math.floor(limit / 2)),
          ...messages.filter(({ api }) => api.id === around),
          ...after(around).slice(0, Math.floor(limit / 2)),
        ]
      : typeof since === 'string'
        ? after(since).slice(0, limit)
        : (typeof until === 'string' ? before(until) : messages).slice(-limit);
  return chosen.toReversed();
}
