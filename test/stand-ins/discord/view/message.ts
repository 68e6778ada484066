import {
  type APIAllowedMentions,
  type APIAttachment,
  type APIComponentInMessageActionRow,
  type APIMessage,
  type APISelectMenuComponent,
  ComponentType,
  MessageFlags,
  type Snowflake,
} from 'discord-api-types/v10';
import { isLoading } from '../messages/board.ts';
import type { ChannelRecord } from '../state/channels.ts';
import type { MessageRecord } from '../state/messages.ts';
import type { Parts } from './parts.ts';

/** A button under a message, to be pressed by a member. */
export interface Button {
  readonly message: SeenMessage;
  readonly customId: string;
  readonly label: string;
  readonly disabled: boolean;
  /** Made up by the test; a person could not see it. */
  readonly forged: boolean;
}

export interface Menu {
  readonly message: SeenMessage;
  readonly component: APISelectMenuComponent;
}

/** A message as somebody who sees the channel sees it, now. */
export class SeenMessage {
  readonly channel: ChannelRecord;
  readonly record: MessageRecord;
  readonly #parts: Parts;

  constructor(parts: Parts, channel: ChannelRecord, record: MessageRecord) {
    this.#parts = parts;
    this.channel = channel;
    this.record = record;
  }

  get id(): Snowflake {
    return this.record.api.id;
  }

  get api(): APIMessage {
    return this.record.api;
  }

  get content(): string {
    return this.record.api.content;
  }

  get files(): readonly APIAttachment[] {
    return this.record.api.attachments;
  }

  get isEphemeral(): boolean {
    return ((this.record.api.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  }

  get isLoading(): boolean {
    return isLoading(this.record);
  }

  get isDeleted(): boolean {
    return this.record.deleted;
  }

  /** As the author sent them last; undefined where they left that to Discord. */
  get allowedMentions(): APIAllowedMentions | undefined {
    return this.record.allowedMentions;
  }

  /** The users, roles and everyone who were notified. */
  get notified(): readonly string[] {
    const { mentions, mention_roles: roles, mention_everyone: everyone } = this.record.api;
    return [...mentions.map(({ id }) => id), ...roles, ...(everyone ? ['everyone'] : [])];
  }

  /** How many users reacted with what. */
  get reactions(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.record.reactions].map(([emoji, { users }]) => [emoji, users.size]));
  }

  /** Every state that it has been in, oldest first. */
  get history(): readonly APIMessage[] {
    return this.record.versions.all;
  }

  get buttons(): readonly Button[] {
    return this.#components.flatMap((component) => {
      if (component.type !== ComponentType.Button || !('custom_id' in component)) return [];
      const { custom_id: customId, label, emoji, disabled = false } = component;
      return { message: this, customId, label: label ?? emoji?.name ?? '', disabled, forged: false };
    });
  }

  /** @param which its label, emoji or custom id */
  button(which: string): Button {
    const found = this.buttons.find(({ label, customId }) => label === which || customId === which);
    if (found !== undefined) return found;
    const labels = this.buttons.map(({ label }) => label).join(', ');
    throw new Error(`There is no button ${which} under "${this.content}", only: ${labels || 'none'}.`);
  }

  /** One that only somebody with a client of their own could press. */
  forgedButton(customId: string): Button {
    return { message: this, customId, label: '', disabled: false, forged: true };
  }

  /** @param which its custom id; needed where there are several */
  menu(which?: string): Menu {
    const menus = this.#components.filter((component) => component.type !== ComponentType.Button);
    const component = menus.find(({ custom_id: id }) => which === undefined || id === which);
    if (component === undefined) throw new Error(`There is no menu ${which ?? ''} under "${this.content}".`);
    return { message: this, component };
  }

  /** The bytes of a file that came with it. */
  file(name: string): Uint8Array {
    const attachment = this.files.find(({ filename }) => filename === name);
    if (attachment === undefined)
      throw new Error(
        `There is no file ${name}, only: ${this.files.map(({ filename }) => filename).join(', ')}.`,
      );
    return this.#parts.cdn.contentOf(attachment.url);
  }

  /** Itself, as soon as this is so. */
  async becomes(condition: (message: SeenMessage) => boolean): Promise<SeenMessage> {
    if (!condition(this)) await this.record.versions.find(() => condition(this));
    return this;
  }

  get #components(): readonly APIComponentInMessageActionRow[] {
    return (this.record.api.components ?? []).flatMap((row) =>
      row.type === ComponentType.ActionRow ? row.components : [],
    );
  }
}
