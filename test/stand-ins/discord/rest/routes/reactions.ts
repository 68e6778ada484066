import {
  type APIPartialEmoji,
  PermissionFlagsBits as May,
  type RESTGetAPIChannelMessageReactionUsersResult,
} from 'discord-api-types/v10';
import { apiError } from '../../api-error.ts';
import { emojiKey, type MessageBoard } from '../../messages/board.ts';
import type { World } from '../../state/world.ts';
import { type Call, noContent, ok, type Route, route } from '../route.ts';
import type { BotAccess } from './access.ts';

type OfOne = '/channels/:channel/messages/:message/reactions/:emoji';

/** Emojis under messages. */
export function reactionRoutes(world: World, access: BotAccess, board: MessageBoard): readonly Route[] {
  return [
    route('PUT /channels/:channel/messages/:message/reactions/:emoji/@me', (call) => {
      const { channel, message, emoji } = addressed(call);
      const isNew = !message.reactions.has(emojiKey(emoji));
      if (isNew && !access.may(channel, May.AddReactions)) throw apiError('MissingPermissions');
      board.react(channel, message, world.bot.user, emoji);
      return noContent;
    }),
    route('DELETE /channels/:channel/messages/:message/reactions/:emoji/@me', (call) => {
      const { channel, message, emoji } = addressed(call);
      board.unreact(channel, message, world.bot.user, emoji);
      return noContent;
    }),
    route('GET /channels/:channel/messages/:message/reactions/:emoji', (call) => {
      const { message, emoji } = addressed(call);
      const users = message.reactions.get(emojiKey(emoji))?.users ?? [];
      return ok<RESTGetAPIChannelMessageReactionUsersResult>(
        [...users].flatMap((id) => world.users.get(id)?.api ?? []),
      );
    }),
  ];

  function addressed({ parameter }: Pick<Call<OfOne>, 'parameter'>) {
    const channel = access.channel(parameter('channel'), May.ReadMessageHistory);
    return {
      channel,
      message: access.message(channel, parameter('message')),
      emoji: parse(parameter('emoji')),
    };
  }
}

function parse(text: string): APIPartialEmoji {
  const custom = /^(?<name>\w+):(?<id>\d+)$/.exec(text)?.groups;
  if (custom?.name !== undefined && custom.id !== undefined) return { id: custom.id, name: custom.name };
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text)) throw apiError('UnknownEmoji');
  return { id: null, name: text };
}
