import type { APIBaseMessage, APIMessage, Snowflake } from 'discord-api-types/v10';

interface Reader {
  readonly bot: Snowflake;
  /** Whether it may read what is not meant for it. */
  readonly readsContent: boolean;
  readonly inDirectMessages: boolean;
}

/** A message as an application gets it: blank where it neither wrote it nor is mentioned in it. */
export function asRead<Message extends APIBaseMessage & Pick<APIMessage, 'mentions'>>(
  message: Message,
  reader: Reader,
): Message {
  const { bot, readsContent, inDirectMessages } = reader;
  const referenced = message.referenced_message;
  const read =
    referenced === undefined || referenced === null
      ? message
      : { ...message, referenced_message: asRead(referenced, reader) };
  const meantForIt = message.author.id === bot || message.mentions.some(({ id }) => id === bot);
  if (readsContent || inDirectMessages || meantForIt) return read;
  return { ...read, content: '', embeds: [], attachments: [], components: [] };
}
