import {
  InteractionResponseType,
  MessageFlags,
  type RESTGetAPIWebhookWithTokenMessageResult,
  type RESTPatchAPIWebhookWithTokenMessageResult,
  type RESTPostAPIInteractionCallbackWithResponseResult,
  type RESTPostAPIWebhookWithTokenWaitResult,
} from 'discord-api-types/v10';
import type { InteractionDesk } from '../../interactions/desk.ts';
import type { InteractionRecord } from '../../interactions/interaction.ts';
import { apiMessage, type MessageRecord } from '../../state/messages.ts';
import type { World } from '../../state/world.ts';
import { parseCallback } from '../bodies/callback.ts';
import { parseEdit, parseResponse } from '../bodies/message.ts';
import { noContent, ok, type Route, route } from '../route.ts';

const tokenInPath = { needsBotToken: false };

/** The first answer to an interaction, and what its token is good for after it. */
export function interactionRoutes(world: World, desk: InteractionDesk): readonly Route[] {
  return [
    route(
      'POST /interactions/:interaction/:token/callback',
      ({ parameter, query, body, files }) => {
        const record = desk.respond(
          parameter('interaction'),
          parameter('token'),
          () => parseCallback(body),
          files,
        );
        return query.get('with_response') === 'true' ? ok(callbackResult(record)) : noContent;
      },
      tokenInPath,
    ),
    route(
      'POST /webhooks/:app/:token',
      ({ parameter, body, files }) => {
        const record = desk.byToken(parameter('app'), parameter('token'));
        return ok<RESTPostAPIWebhookWithTokenWaitResult>(
          read(desk.followUp(record, parseResponse(body), files)),
        );
      },
      tokenInPath,
    ),
    route(
      'GET /webhooks/:app/:token/messages/:message',
      ({ parameter }) => {
        const record = desk.byToken(parameter('app'), parameter('token'));
        return ok<RESTGetAPIWebhookWithTokenMessageResult>(read(desk.message(record, parameter('message'))));
      },
      tokenInPath,
    ),
    route(
      'PATCH /webhooks/:app/:token/messages/:message',
      ({ parameter, body, files }) => {
        const record = desk.byToken(parameter('app'), parameter('token'));
        const message = desk.message(record, parameter('message'));
        desk.edit(record, message, parseEdit(body), files);
        return ok<RESTPatchAPIWebhookWithTokenMessageResult>(read(message));
      },
      tokenInPath,
    ),
    route(
      'DELETE /webhooks/:app/:token/messages/:message',
      ({ parameter }) => {
        const record = desk.byToken(parameter('app'), parameter('token'));
        desk.delete(record, desk.message(record, parameter('message')));
        return noContent;
      },
      tokenInPath,
    ),
  ];

  function read(message: MessageRecord) {
    return apiMessage(message, world.bot.user.api.id);
  }

  function callbackResult(record: InteractionRecord): RESTPostAPIInteractionCallbackWithResponseResult {
    const { id, type, original, acknowledged } = record;
    const showsMessage = original !== null && acknowledged !== InteractionResponseType.DeferredMessageUpdate;
    const flags = original?.api.flags ?? 0;
    return {
      interaction: {
        id,
        type,
        ...(original !== null && {
          response_message_id: original.api.id,
          response_message_loading: (flags & MessageFlags.Loading) !== 0,
          response_message_ephemeral: (flags & MessageFlags.Ephemeral) !== 0,
        }),
      },
      ...(showsMessage &&
        acknowledged !== null && { resource: { type: acknowledged, message: read(original) } }),
    };
  }
}
