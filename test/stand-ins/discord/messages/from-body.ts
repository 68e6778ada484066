import { MessageFlags } from 'discord-api-types/v10';
import { apiError } from '../api-error.ts';
import type { Cdn } from '../cdn.ts';
import type { EditBody } from '../rest/bodies/message.ts';
import type { UploadedFile } from '../rest/body.ts';
import type { ChannelRecord } from '../state/channels.ts';
import type { MessageRecord } from '../state/messages.ts';
import type { World } from '../state/world.ts';
import type { Changes, Draft } from './board.ts';
import { storeUploads } from './uploads.ts';

type Files = ReadonlyMap<string, UploadedFile>;
type FromBody = Required<
  Pick<Draft, 'author' | 'content' | 'embeds' | 'components' | 'attachments' | 'allowedMentions' | 'flags'>
>;

/** Makes of what the bot sends what is posted or changed. */
export class BotMessages {
  readonly #world: World;
  readonly #cdn: Cdn;

  constructor(world: World, cdn: Cdn) {
    this.#world = world;
    this.#cdn = cdn;
  }

  /**
   * @param flags those that may be set there
   * @throws ApiError where there is nothing in it
   */
  draft(
    channel: ChannelRecord,
    body: EditBody,
    files: Files,
    { flags }: { readonly flags: number },
  ): FromBody {
    const draft = {
      author: this.#world.bot.user,
      content: body.content ?? '',
      embeds: body.embeds ?? [],
      components: body.components ?? [],
      attachments: storeUploads(this.#world, this.#cdn, channel, {
        files,
        listed: body.attachments,
        before: [],
      }),
      allowedMentions: body.allowed_mentions,
      flags: (body.flags ?? 0) & flags,
    };
    if (isEmpty(draft)) throw apiError('CannotSendAnEmptyMessage');
    return draft;
  }

  /** @throws ApiError where nothing would be left in it */
  changes(channel: ChannelRecord, { api }: MessageRecord, body: EditBody, files: Files): Changes {
    const filesChange = files.size > 0 || body.attachments !== undefined;
    const changes = {
      content: body.content === null ? '' : body.content,
      embeds: body.embeds === null ? [] : body.embeds,
      components: body.components === null ? [] : body.components,
      attachments: filesChange
        ? storeUploads(this.#world, this.#cdn, channel, {
            files,
            listed: body.attachments === null ? [] : body.attachments,
            before: api.attachments,
          })
        : undefined,
      allowedMentions: body.allowed_mentions,
      flags: body.flags ?? undefined,
    };
    const after = {
      content: changes.content ?? api.content,
      embeds: changes.embeds ?? api.embeds,
      components: changes.components ?? api.components ?? [],
      attachments: changes.attachments ?? api.attachments,
    };
    if (isEmpty(after)) throw apiError('CannotSendAnEmptyMessage');
    return changes;
  }
}

/** What a message of the bot in a channel may be. */
export const CHANNEL_FLAGS = MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications;
/** What an answer to an interaction may be. */
export const RESPONSE_FLAGS = CHANNEL_FLAGS | MessageFlags.Ephemeral;

interface Shown {
  readonly content: string;
  readonly embeds: readonly unknown[];
  readonly components: readonly unknown[];
  readonly attachments: readonly unknown[];
}

/** Rows of buttons alone are no message either. */
function isEmpty({ content, embeds, attachments }: Shown): boolean {
  return content.trim() === '' && embeds.length === 0 && attachments.length === 0;
}
