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

/** Where messages are looked for. */
interface Place {
  readonly channel: string;
  /** The id of what came before them. */
  readonly after: string;
}

/** What is to be posted, and how far that has come. */
export interface Delivery {
  /** Of the incoming; the same one is never posted twice. */
  readonly id: string;
  /** Where it was asked for. */
  readonly channel: string;
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

const SeenMessage = z.object({
  id: z.string(),
  content: z.string(),
  author: z.object({ id: z.string() }),
  flags: z.number().optional(),
  interaction_metadata: z.object({ id: z.string() }).optional(),
  message_reference: z.object({ message_id: z.string().optional() }).optional(),
});
type SeenMessage = z.infer<typeof SeenMessage>;
const SeenMessages = z.array(SeenMessage);

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
    return this.isOver(address) ? this.#postApart(address, delivery) : this.#respond(address, delivery);
  }

  /** Whether the interaction takes no answer any more, so that one is an ordinary message of its channel. */
  isOver(address: Address): boolean {
    return address.kind === 'interaction' && this.#now() - address.at >= INTERACTION_LIFETIME_MS;
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

  async #reply({ channel, message }: Of<'message'>, { id, messages, again }: Delivery): Promise<void> {
    const isFirst = ({ message_reference: reference }: SeenMessage) => reference?.message_id === message;
    const there = again ? await this.#alreadyThere({ channel, after: message }, messages, isFirst) : 0;
    for (const [part, rendered] of messages.entries()) {
      if (part < there) continue;
      await this.#send(channel, rendered, { nonce: `${id}-${part}`, repliesTo: part === 0 ? message : null });
    }
  }

  /** Nothing is posted where the answer stands in its own place already. */
  async #postApart({ interaction }: Of<'interaction'>, delivery: Delivery): Promise<void> {
    const { id, channel, messages, again } = delivery;
    const place = { channel, after: interaction };
    if (again && (await this.#find(place, isAnswerTo(interaction))) !== null) return;
    const isFirst = ({ content }: SeenMessage) => content.trim() === messages[0]?.content.trim();
    const there = again ? await this.#alreadyThere(place, messages, isFirst) : 0;
    for (const [part, rendered] of messages.entries()) {
      if (part >= there) await this.#send(channel, rendered, { nonce: `${id}-${part}`, repliesTo: null });
    }
  }

  /** How many of them stand in the channel. */
  async #alreadyThere(
    place: Place,
    messages: readonly RenderedMessage[],
    isFirst: (seen: SeenMessage) => boolean,
  ): Promise<number> {
    let there = 0;
    await this.#find(place, (seen) => {
      const isNext = there === 0 ? isFirst(seen) : seen.content.trim() === messages[there]?.content.trim();
      if (isNext) there += 1;
      return there === messages.length;
    });
    return there;
  }

  /** The first of our own messages that is the one sought. */
  async #find(
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

  async #send(
    channel: string,
    rendered: RenderedMessage,
    { nonce, repliesTo }: { readonly nonce: string; readonly repliesTo: string | null },
  ): Promise<void> {
    const reference = { message_reference: { message_id: repliesTo, fail_if_not_exists: false } };
    const post = (replying: boolean) => {
      // The same nonce is posted once, however often the request is tried again.
      const body = { ...bodyOf(rendered), nonce, enforce_nonce: true, ...(replying && reference) };
      return this.#rest.post(Routes.channelMessages(channel), { body, files: rawFiles(rendered) });
    };
    try {
      await post(repliesTo !== null);
    } catch (error) {
      if (
        repliesTo === null ||
        !isError(error, RESTJSONErrorCodes.CannotReplyWithoutPermissionToReadMessageHistory)
      )
        throw error;
      await post(false);
    }
  }

  async #respond(address: Of<'interaction'>, delivery: Delivery): Promise<void> {
    const { messages, ok, isPrivate } = delivery;
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
    await this.#followUp(address, apart ? messages : others, delivery);
  }

  async #followUp(
    { application, token, interaction, isPrivate: deferredPrivately }: Of<'interaction'>,
    messages: readonly RenderedMessage[],
    { channel, isPrivate, again, steps }: Delivery,
  ): Promise<void> {
    const isSeenByOne = isPrivate || deferredPrivately;
    const flags = MessageFlags.SuppressEmbeds | (isSeenByOne ? MessageFlags.Ephemeral : 0);
    const begun = steps.taken();
    const last = messages[begun - 1];
    // Whether the last one that was begun was posted can be seen only where everybody sees it.
    const isDoubtful = again && !isSeenByOne && last !== undefined;
    const done =
      isDoubtful && !(await this.#stands({ channel, after: interaction }, last)) ? begun - 1 : begun;
    for (const [part, message] of messages.entries()) {
      if (part < done) continue;
      if (part >= begun) steps.take();
      const body = { ...bodyOf(message), flags };
      await this.#rest.post(Routes.webhook(application, token), {
        body,
        files: rawFiles(message),
        auth: false,
      });
    }
  }

  /** Where the bot may not look, it is taken to stand there: rather once too few than twice. */
  async #stands(place: Place, { content }: RenderedMessage): Promise<boolean> {
    try {
      return (await this.#find(place, (seen) => seen.content.trim() === content.trim())) !== null;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status < 500) return true;
      throw error;
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

/** What is still deferred is none. */
function isAnswerTo(interaction: string) {
  return ({ interaction_metadata: metadata, flags = 0 }: SeenMessage) =>
    metadata?.id === interaction && (flags & MessageFlags.Loading) === 0;
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
