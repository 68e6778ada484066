import {
  type AllowedMentionsTypes,
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  MessageFlags,
  type RawFile,
} from 'discord.js';
import type { RenderedMessage } from './rendering/rendered-reply.ts';

/** Nobody is notified by what the bot writes, whatever stands in it. */
export const noMentions: { readonly parse: AllowedMentionsTypes[]; readonly replied_user: false } = {
  parse: [],
  replied_user: false,
};

export function bodyOf({ content, components }: RenderedMessage): {
  content: string;
  components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  allowed_mentions: typeof noMentions;
  flags: MessageFlags;
} {
  // What a model writes must not make everybody's client fetch pictures from elsewhere.
  return { content, components, allowed_mentions: noMentions, flags: MessageFlags.SuppressEmbeds };
}

/** In the place of those that stand there. */
export function attachmentsOf({ files }: RenderedMessage): { id: string; filename: string }[] {
  return files.map(({ name }, index) => ({ id: String(index), filename: name }));
}

export function rawFiles({ files }: RenderedMessage): RawFile[] {
  return files.map(({ name, attachment }) => ({ name, data: attachment }));
}
