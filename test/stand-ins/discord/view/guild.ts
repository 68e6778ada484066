import {
  type APIRole,
  ChannelType,
  GatewayDispatchEvents as Event,
  type GuildPremiumTier,
  Locale,
  type Snowflake,
} from 'discord-api-types/v10';
import { apiGuildChannel, type GuildChannelRecord } from '../state/channels.ts';
import { apiMember, type GuildRecord, type MemberRecord, newRole } from '../state/guilds.ts';
import { newUser, type UserRecord } from '../state/users.ts';
import { Channel } from './channel.ts';
import { Member } from './member.ts';
import { type Parts, tellGuild } from './parts.ts';

interface NewMember {
  readonly roles?: readonly APIRole[];
  readonly locale?: Locale;
  readonly bot?: boolean;
}

/** A guild as a test sets it up. */
export class Guild {
  readonly record: GuildRecord;
  /** The first channel; also where Discord writes its own messages. */
  readonly general: Channel;
  readonly owner: Member;
  /** The role that the bot brought with it; its permissions are the bot's. */
  readonly botRole: APIRole;
  readonly #parts: Parts;

  constructor(parts: Parts, record: GuildRecord, { botPermissions }: { readonly botPermissions: bigint }) {
    this.#parts = parts;
    this.record = record;
    this.general = this.addChannel('general');
    record.systemChannel = this.general.id;
    this.owner = this.addMember('Owner');
    record.owner = this.owner.id;
    this.botRole = this.addRole(parts.world.bot.user.api.username, botPermissions);
    this.botRole.managed = true;
    this.botRole.tags = { bot_id: parts.world.bot.user.api.id };
  }

  get id(): Snowflake {
    return this.record.id;
  }

  /** The role that everybody has. */
  get everyone(): APIRole {
    const role = this.record.roles.get(this.id);
    if (role === undefined) throw new Error('Every guild has a role for everyone.');
    return role;
  }

  /** The bot comes in, as when somebody follows its invite link. @param ago in ms, where it has been there for long */
  admitBot({ ago = 0 }: { readonly ago?: number } = {}): void {
    const { world, gateway } = this.#parts;
    this.#join(world.bot.user, [this.botRole], new Date(world.clock.now - ago).toISOString());
    gateway.dispatchGuild(this.record);
  }

  /** The bot is thrown out. */
  expelBot(): void {
    const { world, gateway } = this.#parts;
    this.record.members.delete(world.bot.user.api.id);
    gateway.dispatch({ t: Event.GuildDelete, d: { id: this.id } }, { inGuild: true });
  }

  addChannel(name: string, { voice = false }: { readonly voice?: boolean } = {}): Channel {
    const type: GuildChannelRecord['type'] = voice ? ChannelType.GuildVoice : ChannelType.GuildText;
    const record = this.#parts.world.addGuildChannel(this.record, { name, type });
    tellGuild(this.#parts, this.record, {
      t: Event.ChannelCreate,
      d: { ...apiGuildChannel(record), guild_id: this.id },
    });
    return new Channel(this.#parts, record);
  }

  /** Drags the bot into a voice channel, as those can who may move members. */
  movesBot({ record }: Channel): void {
    this.#parts.calls.enter(record, this.#parts.world.bot.user.api.id);
  }

  /** Where the bot is heard. */
  get botsVoiceChannel(): Snowflake | null {
    const { calls, world } = this.#parts;
    return calls.channelOf(this.record, world.bot.user.api.id)?.id ?? null;
  }

  /** Disconnects the bot from its voice channel. */
  disconnectsBot(): void {
    this.#parts.calls.leave(this.record, this.#parts.world.bot.user.api.id);
  }

  /** The voice server of its call goes away, and another one takes over. */
  movesToAnotherVoiceServer(): void {
    this.#parts.calls.moveServer(this.record);
  }

  deletes({ record }: Channel): void {
    if (record.kind === 'guild') this.#parts.calls.deleteChannel(record);
  }

  addRole(name: string, permissions = 0n): APIRole {
    const role = newRole(this.#parts.world.ids.next(), {
      name,
      permissions,
      position: this.record.roles.size,
    });
    this.record.roles.set(role.id, role);
    tellGuild(this.#parts, this.record, { t: Event.GuildRoleCreate, d: { guild_id: this.id, role } });
    return role;
  }

  setPermissions(role: APIRole, permissions: bigint): void {
    role.permissions = String(permissions);
    tellGuild(this.#parts, this.record, { t: Event.GuildRoleUpdate, d: { guild_id: this.id, role } });
  }

  /** @param who a name for somebody new, or a member of another guild who comes into this one too */
  addMember(
    who: string | Member,
    { roles = [], locale = Locale.EnglishUS, bot = false }: NewMember = {},
  ): Member {
    const { world } = this.#parts;
    const user = typeof who === 'string' ? newUser(world.ids.next(), who, { locale, bot }) : who.record.user;
    world.users.set(user.api.id, user);
    const record = this.#join(user, roles);
    tellGuild(this.#parts, this.record, {
      t: Event.GuildMemberAdd,
      d: { ...apiMember(record), guild_id: this.id },
    });
    return new Member(this.#parts, this.record, this.general, record);
  }

  /** Lets a member use a command in spite of its default permissions, as administrators can. */
  letUse(command: string, { id }: Member): void {
    this.#parts.registry.grant(this.id, command, id);
  }

  /** Changes how large files may be there. */
  setPremiumTier(tier: GuildPremiumTier): void {
    this.record.premiumTier = tier;
  }

  #join(
    user: UserRecord,
    roles: readonly APIRole[],
    joinedAt = this.#parts.world.clock.timestamp,
  ): MemberRecord {
    const record: MemberRecord = {
      user,
      nick: null,
      roles: new Set(roles.map(({ id }) => id)),
      joinedAt,
    };
    this.record.members.set(user.api.id, record);
    return record;
  }
}
