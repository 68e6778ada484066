import { InteractionResponseType } from 'discord-api-types/v10';
import { ANSWER_WITHIN_MS } from '../interactions/desk.ts';
import type { InteractionRecord, Reaction } from '../interactions/interaction.ts';
import type { Choice } from '../rest/bodies/callback.ts';
import { SeenMessage } from './message.ts';
import { ShownModal } from './modal.ts';
import type { Parts } from './parts.ts';

type Of<Kind extends Reaction['kind']> = Extract<Reaction, { kind: Kind }>;

/** Something that a member did with the bot, and what came of it. */
export class Interaction {
  readonly record: InteractionRecord;
  readonly #parts: Parts;

  constructor(parts: Parts, record: InteractionRecord) {
    this.#parts = parts;
    this.record = record;
  }

  /** Whether Discord tells the member by now that the application did not respond. */
  get hasFailed(): boolean {
    const waited = this.#parts.world.clock.now - this.record.createdAt;
    return this.record.acknowledged === null && waited > ANSWER_WITHIN_MS;
  }

  /** The first answer: whether something is awaited, and whether only the member will see it. */
  async acknowledged(): Promise<{ readonly deferred: boolean; readonly ephemeral: boolean }> {
    const { how, ephemeral } = await this.#find('acknowledged');
    const deferred =
      how === InteractionResponseType.DeferredChannelMessageWithSource ||
      how === InteractionResponseType.DeferredMessageUpdate;
    return { deferred, ephemeral };
  }

  /** The message that answers it; after a deferral as soon as there is something in it. */
  async reply(): Promise<SeenMessage> {
    return this.#seen(await this.#find('replied'));
  }

  /** The next message after the first one. */
  async followUp(): Promise<SeenMessage> {
    return this.#seen(await this.#take('followed up'));
  }

  /** The message with the component that was used, as soon as it was changed in answer to that. */
  async update(): Promise<SeenMessage> {
    return this.#seen(await this.#take('updated'));
  }

  async modal(): Promise<ShownModal> {
    return new ShownModal(this.record, (await this.#find('modal')).modal);
  }

  async choices(): Promise<readonly Choice[]> {
    return (await this.#find('choices')).choices;
  }

  /** Why Discord did not take an answer of the bot. */
  async refusal(): Promise<string> {
    return (await this.#take('refused')).why;
  }

  #seen({ message }: { readonly message: SeenMessage['record'] }): SeenMessage {
    return new SeenMessage(this.#parts, this.record.channel, message);
  }

  async #find<Kind extends Reaction['kind']>(kind: Kind): Promise<Of<Kind>> {
    return narrowed(kind, await this.record.reactions.find((reaction) => reaction.kind === kind));
  }

  async #take<Kind extends Reaction['kind']>(kind: Kind): Promise<Of<Kind>> {
    return narrowed(kind, await this.record.reactions.take((reaction) => reaction.kind === kind));
  }
}

function isOf<Kind extends Reaction['kind']>(kind: Kind, reaction: Reaction): reaction is Of<Kind> {
  return reaction.kind === kind;
}

function narrowed<Kind extends Reaction['kind']>(kind: Kind, reaction: Reaction): Of<Kind> {
  if (isOf(kind, reaction)) return reaction;
  throw new Error(`Waited for ${kind} and got ${reaction.kind}.`);
}
