import {
  type AllowedMentionsTypes,
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  type RawFile,
  type REST,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { Address } from './inbox.ts';
import type { RenderedMessage } from './rendering/rendered-reply.ts';

const PAGE = 100;
const MAX_PAGES = 10;
/** After it the token of an interaction is dead. */
const INTERACTION_LIFETIME_MS = 15 * 60_000;

type Of<Kind extends Address['kind']> = Extract<Address, { kind: Kind }>;

/** What is to be posted, and how far that has come. */
export interface Delivery {
  /** Of the incoming; the same one is never posted twice. */
  readonly id: string;
  readonly messages: readonly RenderedMessage[];
  /** Whether what was asked for was done. */
  readonly ok: boolean;
  /** For nobody but the person who asked, where that can be. */
  readonly isPrivate: boolean;
  /** Whether it may have been posted before, in whole or in part. */
  readonly again: boolean;
  /** Steps that cannot be found again on Discord: how many were taken, and that one more is. */
  readonly steps: { taken(): number; take(): void };
}

/** Nobody is notified by what the bot writes, whatever stands in it. */
export const noMentions: { readonly parse: AllowedMentionsTypes[]; readonly replied_user: false } = {
  parse: [],
  replied_user: false,
};

const SeenMessages = z.array(
  z.object({
    id: z.string(),
    content: z.string(),
    author: z.object({ id: z.string() }),
    message_reference: z.object({ message_id: z.string().optional() }).optional(),
  }),
);

/** Puts replies where they belong. */
export class Posting {
  readonly #rest: REST;
  readonly #bot: () => string;
  readonly #now: () => number;

  constructor({
    rest,
    bot,
    now,
  }: { readonly rest: REST; readonly bot: () => string; readonly now: () => number }) {
    this.#rest = rest;
    this.#bot = bot;
    this.#now = now;
  }

  /** @throws whatever the request failed with; the same delivery can be tried again with `again` */
  async post(address: Address, delivery: Delivery): Promise<void> {
    if (address.kind === 'message') return this.#reply(address, delivery);
    if (this.#now() - address.at < INTERACTION_LIFETIME_MS) return this.#respond(address, delivery);
  }

  /**
   * Tells Discord that the answer to an interaction comes, where it does not know that yet.
   * @returns whether somebody waits for it
   */
  async acknowledge({ interaction, token, deferred, isPrivate }: Of<'interaction'>): Promise<boolean> {
    const type =
      deferred === 'update'
        ? InteractionResponseType.DeferredMessageUpdate
        : InteractionResponseType.DeferredChannelMessageWithSource;
    const flags = isPrivate ? { flags: MessageFlags.Ephemeral } : {};
    const body = { type, ...(deferred === 'reply' && { data: flags }) };
    try {
      await this.#rest.post(Routes.interactionCallback(interaction, token), { body, auth: false });
      return true;
    } catch (error) {
      if (!(error instanceof DiscordAPIError)) throw error;
      return isError(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged);
    }
  }

  /** Posts what answers no message. @param id the same one is posted once */
  async say(channel: string, id: string, messages: readonly RenderedMessage[]): Promise<void> {
    for (const [part, message] of messages.entries()) {
      const body = { ...bodyOf(message), nonce: `${id}-${part}`, enforce_nonce: true };
      await this.#rest.post(Routes.channelMessages(channel), { body, files: rawFiles(message) });
    }
  }

  async #reply(address: Of<'message'>, { id, messages, again }: Delivery): Promise<void> {
    const there = again ? await this.#alreadyThere(address, messages) : 0;
    for (const [part, message] of messages.entries()) {
      if (part >= there) await this.#send(address, message, { nonce: `${id}-${part}`, isReply: part === 0 });
    }
  }

  /** How many of them stand in the channel after what they answer. */
  async #alreadyThere(
    { channel, message }: Of<'message'>,
    messages: readonly RenderedMessage[],
  ): Promise<number> {
    let there = 0;
    let after = message;
    for (let page = 0; page < MAX_PAGES && there < messages.length; page++) {
      const query = new URLSearchParams({ after, limit: String(PAGE) });
      const seen = SeenMessages.parse(await this.#rest.get(Routes.channelMessages(channel), { query }));
      for (const { author, content, message_reference: reference } of seen.toReversed()) {
        if (author.id !== this.#bot()) continue;
        const isNext =
          there === 0
            ? reference?.message_id === message
            : content.trim() === messages[there]?.content.trim();
        if (isNext) there += 1;
      }
      after = seen[0]?.id ?? after;
      if (seen.length < PAGE) break;
    }
    return there;
  }

  async #send(
    { channel, message }: Of<'message'>,
    rendered: RenderedMessage,
    { nonce, isReply }: { readonly nonce: string; readonly isReply: boolean },
  ): Promise<void> {
    const reference = { message_reference: { message_id: message, fail_if_not_exists: false } };
    const post = (replying: boolean) => {
      // The same nonce is posted once, however often the request is tried again.
      const body = { ...bodyOf(rendered), nonce, enforce_nonce: true, ...(replying && reference) };
      return this.#rest.post(Routes.channelMessages(channel), { body, files: rawFiles(rendered) });
    };
    try {
      await post(isReply);
    } catch (error) {
      if (!isReply || !isError(error, RESTJSONErrorCodes.CannotReplyWithoutPermissionToReadMessageHistory))
        throw error;
      await post(false);
    }
  }

  async #respond(address: Of<'interaction'>, { messages, ok, isPrivate, steps }: Delivery): Promise<void> {
    const { application, token, deferred } = address;
    const original = Routes.webhookMessage(application, token);
    // What only the person who asked may see cannot take the place of what everybody sees, and a page that cannot be
    // shown leaves the one that is there.
    const apart = isPrivate && (!address.isPrivate || (deferred === 'update' && !ok));
    if (apart && deferred === 'reply') await this.#takeAway(original);
    const [first, ...others] = messages;
    if (!apart && first !== undefined) {
      const body = { ...bodyOf(first), attachments: attachmentsOf(first) };
      await this.#rest.patch(original, { body, files: rawFiles(first), auth: false });
    }
    const followUps = apart ? messages : others;
    const flags = MessageFlags.SuppressEmbeds | (isPrivate || address.isPrivate ? MessageFlags.Ephemeral : 0);
    for (const message of followUps.slice(steps.taken())) {
      steps.take();
      const body = { ...bodyOf(message), flags };
      await this.#rest.post(Routes.webhook(application, token), {
        body,
        files: rawFiles(message),
        auth: false,
      });
    }
  }

  async #takeAway(original: `/${string}`): Promise<void> {
    try {
      await this.#rest.delete(original, { auth: false });
    } catch (error) {
      if (!isError(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
    }
  }
}

export function isError(error: unknown, code: number): boolean {
  return error instanceof DiscordAPIError && error.code === code;
}

function bodyOf({ content, components }: RenderedMessage): {
  content: string;
  components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  allowed_mentions: typeof noMentions;
  flags: MessageFlags;
} {
  // What a model writes must not make everybody's client fetch pictures from elsewhere.
  return { content, components, allowed_mentions: noMentions, flags: MessageFlags.SuppressEmbeds };
}

/** In the place of those that stand there. */
function attachmentsOf({ files }: RenderedMessage): { id: string; filename: string }[] {
  return files.map(({ name }, index) => ({ id: String(index), filename: name }));
}

function rawFiles({ files }: RenderedMessage): RawFile[] {
  return files.map(({ name, attachment }) => ({ name, data: attachment }));
}
