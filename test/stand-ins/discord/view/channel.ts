import { GatewayDispatchEvents as Event, Locale, OverwriteType, type Snowflake } from 'discord-api-types/v10';
import { apiGuildChannel, type ChannelRecord } from '../state/channels.ts';
import { newUser } from '../state/users.ts';
import { SeenMessage } from './message.ts';
import { type Parts, tellGuild } from './parts.ts';

/** A channel as a test watches it. */
export class Channel {
  readonly record: ChannelRecord;
  readonly #parts: Parts;

  constructor(parts: Parts, record: ChannelRecord) {
    this.#parts = parts;
    this.record = record;
  }

  get id(): Snowflake {
    return this.record.id;
  }

  get mention(): string {
    return `<#${this.id}>`;
  }

  /** Everything that stands there for everybody, oldest first. */
  get messages(): readonly SeenMessage[] {
    return [...this.record.messages.values()]
      .filter(({ visibleTo }) => visibleTo === null)
      .map((record) => new SeenMessage(this.#parts, this.record, record));
  }

  /** The oldest message of the bot that this did not give before, as soon as there is one. */
  async nextMessage(where: (message: SeenMessage) => boolean = () => true): Promise<SeenMessage> {
    const seen = (record: SeenMessage['record']) => new SeenMessage(this.#parts, this.record, record);
    return seen(await this.record.posted.take((record) => where(seen(record))));
  }

  /** Resolves when the bot has shown that it is typing, each time anew. */
  async botTypes(): Promise<void> {
    await this.record.typing.take();
  }

  /** What somebody who knows a webhook's address writes. */
  webhookSays(name: string, content: string): SeenMessage {
    const { world, board } = this.#parts;
    const id = world.ids.next();
    const { api, ...rest } = newUser(id, name, { locale: Locale.EnglishUS, bot: true });
    const author = { ...rest, api: { ...api, discriminator: '0000' } };
    return new SeenMessage(
      this.#parts,
      this.record,
      board.post(this.record, { author, content, webhook: id }),
    );
  }

  /** Lets a role or a member do this there, whatever holds in the guild. */
  allow(whom: { readonly id: Snowflake }, permissions: bigint): void {
    this.#overwrite(whom, { allow: permissions, deny: 0n });
  }

  /** Keeps a role or a member from doing this there. */
  deny(whom: { readonly id: Snowflake }, permissions: bigint): void {
    this.#overwrite(whom, { allow: 0n, deny: permissions });
  }

  #overwrite({ id }: { readonly id: Snowflake }, { allow, deny }: { allow: bigint; deny: bigint }): void {
    const { record } = this;
    if (record.kind === 'direct') throw new Error('Direct messages have no permissions.');
    const type = record.guild.roles.has(id) ? OverwriteType.Role : OverwriteType.Member;
    const others = record.overwrites.filter((overwrite) => overwrite.id !== id);
    record.overwrites = [...others, { id, type, allow: String(allow), deny: String(deny) }];
    tellGuild(this.#parts, record.guild, {
      t: Event.ChannelUpdate,
      d: { ...apiGuildChannel(record), guild_id: record.guild.id },
    });
  }
}
