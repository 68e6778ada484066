import type { APIAttachment, APIEmbed, Snowflake } from 'discord-api-types/v10';
import { apiError, formError } from '../api-error.ts';
import type { Cdn } from '../cdn.ts';
import type { EditBody } from '../rest/bodies/message.ts';
import type { UploadedFile } from '../rest/body.ts';
import type { ChannelRecord } from '../state/channels.ts';
import { attachmentLimit } from '../state/guilds.ts';
import type { World } from '../state/world.ts';

const MAX_FILES = 10;

interface Upload {
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** As the body lists them; of a new one the id is the number of its file. */
  readonly listed: EditBody['attachments'];
  /** Those of the message that is edited. */
  readonly before: readonly APIAttachment[];
}

/**
 * The attachments that a message has after a request.
 * @throws ApiError where a file is too large for the place, or is listed and not there
 */
export function storeUploads(
  world: World,
  cdn: Cdn,
  channel: ChannelRecord,
  { files, listed, before }: Upload,
): APIAttachment[] {
  const limit = attachmentLimit(channel.guild);
  if (files.size > MAX_FILES)
    throw formError(['attachments'], 'BASE_TYPE_MAX_LENGTH', `Must be ${MAX_FILES} or fewer in length.`);
  for (const { bytes } of files.values()) if (bytes.length > limit) throw apiError('RequestEntityTooLarge');
  const kept =
    listed === undefined ? before : before.filter(({ id }) => listed?.some((entry) => entry.id === id));
  for (const [index, { id }] of (listed ?? []).entries())
    if (!files.has(id) && !kept.some((attachment) => attachment.id === id))
      throw formError(['attachments', index], 'ATTACHMENT_NOT_FOUND', `Attachment data not found: ${id}`);
  const added = [...files].map(([number, { name, contentType, bytes }]) => {
    const entry = listed?.find(({ id }) => id === number);
    return cdn.store(world.ids.next(), channel.id, {
      name: safeName(entry?.filename ?? name),
      contentType,
      bytes,
      ...(entry?.description !== undefined && { description: entry.description }),
    });
  });
  return [...kept, ...added];
}

/** What Discord makes of a name with anything unusual in it. */
function safeName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]/gu, '_').replace(/^\.+/, '');
}

/** Embeds with the addresses of the files that they show, and the files that are not shown in one. */
export function placeInEmbeds(
  embeds: readonly APIEmbed[],
  attachments: readonly APIAttachment[],
): { readonly embeds: APIEmbed[]; readonly attachments: APIAttachment[] } {
  const used = new Set<Snowflake>();
  const resolve = (url: string): string => {
    const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
    const attachment = attachments.find(({ filename }) => filename === name);
    if (attachment === undefined) return url;
    used.add(attachment.id);
    return attachment.url;
  };
  const placed = embeds.map(({ image, thumbnail, ...embed }) => ({
    ...embed,
    ...(image !== undefined && { image: { ...image, url: resolve(image.url) } }),
    ...(thumbnail !== undefined && { thumbnail: { ...thumbnail, url: resolve(thumbnail.url) } }),
  }));
  return { embeds: placed, attachments: attachments.filter(({ id }) => !used.has(id)) };
}
