import { DiscordAPIError, type REST, RESTJSONErrorCodes, Routes } from 'discord.js';
import { z } from 'zod';
import { attachmentsOf, bodyOf, rawFiles } from './message-body.ts';
import type { RenderedMessage } from './rendering/rendered-reply.ts';

const PAGE = 100;
const MAX_PAGES = 10;

/** Where messages are looked for. */
export interface Place {
  readonly channel: string;
  /** The id of what came before them. */
  readonly after: string;
}

const Standing = z.object({ id: z.string(), content: z.string() });
/** A message as it stands in a channel. */
export type Standing = Readonly<z.infer<typeof Standing>>;

const SeenMessage = Standing.extend({
  author: z.object({ id: z.string() }),
  flags: z.number().optional(),
  interaction_metadata: z.object({ id: z.string() }).optional(),
  message_reference: z.object({ message_id: z.string().optional() }).optional(),
});
export type SeenMessage = Readonly<z.infer<typeof SeenMessage>>;
const SeenMessages = z.array(SeenMessage);

/** The bot's own messages in channels. */
export class OwnMessages {
  readonly #rest: REST;
  readonly #bot: () => string;

  constructor(rest: REST, bot: () => string) {
    this.#rest = rest;
    this.#bot = bot;
  }

  /** @param nonce under which it is posted once, however often the request is tried again */
  async send(
    channel: string,
    message: RenderedMessage,
    { nonce, repliesTo }: { readonly nonce: string; readonly repliesTo: string | null },
  ): Promise<Standing> {
    const reference = { message_reference: { message_id: repliesTo, fail_if_not_exists: false } };
    const post = async (replying: boolean) => {
      const body = { ...bodyOf(message), nonce, enforce_nonce: true, ...(replying && reference) };
      const files = rawFiles(message);
      return Standing.parse(await this.#rest.post(Routes.channelMessages(channel), { body, files }));
    };
    try {
      return await post(repliesTo !== null);
    } catch (error) {
      if (
        repliesTo === null ||
        !isError(error, RESTJSONErrorCodes.CannotReplyWithoutPermissionToReadMessageHistory)
      )
        throw error;
      return await post(false);
    }
  }

  async edit(channel: string, id: string, message: RenderedMessage): Promise<void> {
    await this.#rest.patch(Routes.channelMessage(channel, id), {
      body: { ...bodyOf(message), attachments: attachmentsOf(message) },
      files: rawFiles(message),
    });
  }

  /** The first that is the one sought. */
  async find(
    { channel, after }: Place,
    isSought: (seen: SeenMessage) => boolean,
  ): Promise<SeenMessage | null> {
    let last = after;
    for (let page = 0; page < MAX_PAGES; page++) {
      const query = new URLSearchParams({ after: last, limit: String(PAGE) });
      const seen = SeenMessages.parse(await this.#rest.get(Routes.channelMessages(channel), { query }));
      const found = seen.toReversed().find((one) => one.author.id === this.#bot() && isSought(one));
      if (found !== undefined) return found;
      last = seen[0]?.id ?? last;
      if (seen.length < PAGE) break;
    }
    return null;
  }

  /** Those of some messages that stand there, in their order. */
  async standing(
    place: Place,
    messages: readonly RenderedMessage[],
    isFirst: (seen: SeenMessage) => boolean,
  ): Promise<readonly Standing[]> {
    const there: Standing[] = [];
    await this.find(place, (seen) => {
      const isNext = there.length === 0 ? isFirst(seen) : isSame(seen, messages[there.length]);
      if (isNext) there.push(seen);
      return there.length === messages.length;
    });
    return there;
  }
}

/** Discord leaves out the space around a text. */
export function isSame(seen: Standing, message: RenderedMessage | undefined): boolean {
  return seen.content.trim() === message?.content.trim();
}

export function isError(error: unknown, code: number): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}
