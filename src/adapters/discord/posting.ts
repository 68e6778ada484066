import {
  DiscordAPIError,
  InteractionResponseType,
  MessageFlags,
  type REST,
  RESTJSONErrorCodes,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import { isUnfinished } from './growing-reply.ts';
import type { Address } from './inbox.ts';
import { attachmentsOf, bodyOf, rawFiles } from './message-body.ts';
import { isError, isSame, OwnMessages, type Place, type SeenMessage } from './own-messages.ts';
import type { RenderedMessage } from './rendering/rendered-reply.ts';

/** After it the token of an interaction is dead. */
const INTERACTION_LIFETIME_MS = 15 * 60_000;

const DirectChannel = z.object({ id: z.string() });

type Of<Kind extends Address['kind']> = Extract<Address, { kind: Kind }>;

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
  /** The message in which the beginning of it was shown while it grew. */
  readonly standing: string | null;
  /** Steps that cannot be found again on Discord: how many were taken, and that one more is. */
  readonly steps: { taken(): number; take(): void };
}

/** For whom it is, and what stands in the channel where they asked. */
export interface Direct {
  readonly member: string;
  readonly notices: { readonly sent: string; readonly refused: string };
}

/** The beginning of an answer that still grows. */
export interface Beginning extends Pick<Delivery, 'id' | 'standing' | 'again'> {
  readonly content: string;
}

/** Puts replies where they belong. */
export class Posting {
  readonly #rest: REST;
  readonly #own: OwnMessages;
  readonly #now: () => number;

  constructor({
    rest,
    bot,
    now,
  }: { readonly rest: REST; readonly bot: () => string; readonly now: () => number }) {
    this.#rest = rest;
    this.#own = new OwnMessages(rest, bot);
    this.#now = now;
  }

  /** @throws whatever the request failed with; the same delivery can be tried again with `again` */
  async post(address: Address, delivery: Delivery): Promise<void> {
    if (address.kind === 'message') return this.#reply(address, delivery);
    return this.isOver(address) ? this.#postApart(address, delivery) : this.#respond(address, delivery);
  }

  /**
   * Sends what is for one person to them directly, and says in its channel that it did, or why it could not.
   * @throws likewise
   */
  async postDirectly(address: Of<'message'>, delivery: Delivery, { member, notices }: Direct): Promise<void> {
    const { id, messages, again } = delivery;
    // It stands there only once everything has been sent.
    if (again && (await this.#repliesStanding(address, messages.slice(0, 1))).length > 0) return;
    const isSent = await this.#sendTo(member, { id, messages, again });
    const notice = { content: isSent ? notices.sent : notices.refused, files: [], components: [] };
    await this.#reply(address, { ...delivery, messages: [notice] });
  }

  /** @returns whether they take direct messages */
  async #sendTo(member: string, { id, messages, again }: Pick<Delivery, 'id' | 'messages' | 'again'>) {
    try {
      const body = { recipient_id: member };
      const { id: channel } = DirectChannel.parse(await this.#rest.post(Routes.userChannels(), { body }));
      const isFirst = (seen: SeenMessage) => isSame(seen, messages[0]);
      const { length: there } = again
        ? await this.#own.standing({ channel, after: id }, messages, isFirst)
        : [];
      for (const [part, message] of messages.entries()) {
        const nonce = `${nonceOf(id, part)}-dm`;
        if (part >= there) await this.#own.send(channel, message, { nonce, repliesTo: null });
      }
      return true;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 403) return false;
      throw error;
    }
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
      await this.#own.send(channel, message, { nonce: nonceOf(id, part), repliesTo: null });
    }
  }

  /**
   * Shows the beginning of an answer that still grows.
   * @returns the message in which it stands, where it has one of its own; undefined where a reply stands there already
   */
  async show(
    address: Address,
    { id, content, standing, again }: Beginning,
  ): Promise<string | null | undefined> {
    const message = { content, files: [], components: [] };
    if (address.kind === 'interaction') {
      if (this.isOver(address)) return undefined;
      await this.#rest.patch(originalOf(address), { body: bodyOf(message), auth: false });
      return null;
    }
    const [found] = standing === null && again ? await this.#repliesStanding(address, [message]) : [];
    if (found !== undefined && !isUnfinished(found.content)) return undefined;
    const { channel, message: repliesTo } = address;
    const place = standing ?? found?.id;
    if (place !== undefined) await this.#own.edit(channel, place, message);
    return place ?? (await this.#own.send(channel, message, { nonce: nonceOf(id, 0), repliesTo })).id;
  }

  async #reply(address: Of<'message'>, { id, messages, again, standing }: Delivery): Promise<void> {
    const { channel } = address;
    const found = again ? await this.#repliesStanding(address, messages) : [];
    const grown = standing === null ? undefined : { id: standing, content: null };
    for (const [part, message] of messages.entries()) {
      const repliesTo = part === 0 ? address.message : null;
      const there = found[part] ?? (part === 0 ? grown : undefined);
      const placed =
        there ?? (await this.#own.send(channel, message, { nonce: nonceOf(id, part), repliesTo }));
      // What was posted under the same nonce before can be the beginning of it.
      await this.#complete(address, placed, message, id);
    }
  }

  #repliesStanding({ channel, message }: Of<'message'>, messages: readonly RenderedMessage[]) {
    const isFirst = ({ message_reference: reference }: SeenMessage) => reference?.message_id === message;
    return this.#own.standing({ channel, after: message }, messages, isFirst);
  }

  /** What grew there while the process lived is brought to its end; what else stands there is whole. */
  async #complete(
    { channel, message: repliesTo }: Of<'message'>,
    { id: standing, content }: { readonly id: string; readonly content: string | null },
    message: RenderedMessage,
    id: string,
  ): Promise<void> {
    if (content !== null && (!isUnfinished(content) || isSame({ id: standing, content }, message))) return;
    try {
      await this.#own.edit(channel, standing, message);
    } catch (error) {
      if (!isError(error, RESTJSONErrorCodes.UnknownMessage)) throw error;
      // Somebody has taken the beginning away. Under its nonce Discord would give back what is gone.
      await this.#own.send(channel, message, { nonce: `${id}-anew`, repliesTo });
    }
  }

  /** Nothing is posted where the answer stands in its own place already; a beginning of it that stands there goes. */
  async #postApart({ interaction }: Of<'interaction'>, delivery: Delivery): Promise<void> {
    const { id, channel, messages, again } = delivery;
    const place = { channel, after: interaction };
    const answer = again ? await this.#own.find(place, isAnswerTo(interaction)) : null;
    if (answer !== null && !isUnfinished(answer.content)) return;
    const isFirst = (seen: SeenMessage) => isSame(seen, messages[0]);
    const { length: there } = again ? await this.#own.standing(place, messages, isFirst) : [];
    for (const [part, message] of messages.entries()) {
      if (part < there) continue;
      if (part === 0 && answer !== null) await this.#own.edit(channel, answer.id, message);
      else await this.#own.send(channel, message, { nonce: nonceOf(id, part), repliesTo: null });
    }
  }

  async #respond(address: Of<'interaction'>, delivery: Delivery): Promise<void> {
    const { messages, ok, isPrivate } = delivery;
    const { deferred } = address;
    const original = originalOf(address);
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
  async #stands(place: Place, message: RenderedMessage): Promise<boolean> {
    try {
      return (await this.#own.find(place, (seen) => isSame(seen, message))) !== null;
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

function originalOf({ application, token }: Of<'interaction'>): `/${string}` {
  return Routes.webhookMessage(application, token);
}

function nonceOf(id: string, part: number): string {
  return `${id}-${part}`;
}

/** What is still deferred is none. */
function isAnswerTo(interaction: string) {
  return ({ interaction_metadata: metadata, flags = 0 }: SeenMessage) =>
    metadata?.id === interaction && (flags & MessageFlags.Loading) === 0;
}
