import { type APIEmbed, EmbedType } from 'discord-api-types/v10';
import { z } from 'zod';
import { discordIssue, list, text } from '../form-errors.ts';

const MAX_EMBEDS = 10;
const MAX_TOTAL = 6000;

const webUrl = z.url({ protocol: /^https?$/ }).max(2048);
/** Also a file of the same message. */
const mediaUrl = webUrl.or(z.string().regex(/^attachment:\/\/.+$/));
const media = z.object({ url: mediaUrl });

const embed = z
  .object({
    title: text({ max: 256 }).exactOptional(),
    description: text({ max: 4096 }).exactOptional(),
    url: webUrl.exactOptional(),
    timestamp: z.iso.datetime({ offset: true }).exactOptional(),
    color: z.int().min(0).max(0xffffff).exactOptional(),
    footer: z
      .object({ text: text({ min: 1, max: 2048 }), icon_url: mediaUrl.exactOptional() })
      .exactOptional(),
    image: media.exactOptional(),
    thumbnail: media.exactOptional(),
    author: z
      .object({
        name: text({ min: 1, max: 256 }),
        url: webUrl.exactOptional(),
        icon_url: mediaUrl.exactOptional(),
      })
      .exactOptional(),
    fields: list(
      z.object({
        name: text({ min: 1, max: 256 }),
        value: text({ min: 1, max: 1024 }),
        inline: z.boolean().exactOptional(),
      }),
      { max: 25 },
    ).exactOptional(),
  })
  .transform((parsed): APIEmbed => ({ ...parsed, type: EmbedType.Rich }));

export const embeds = list(embed, { max: MAX_EMBEDS }).superRefine((all, context) => {
  const total = all.reduce((sum, one) => sum + lengthOf(one), 0);
  if (total <= MAX_TOTAL) return;
  context.addIssue(
    discordIssue('MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${MAX_TOTAL}`),
  );
});

function lengthOf({ title, description, footer, author, fields = [] }: APIEmbed): number {
  const parts = [
    title,
    description,
    footer?.text,
    author?.name,
    ...fields.flatMap((field) => [field.name, field.value]),
  ];
  return parts.reduce((sum, part = '') => sum + [...part].length, 0);
}
