import {
  type BaseInteraction,
  type GuildMember,
  InteractionContextType,
  type Message,
  PermissionFlagsBits,
  type PermissionsBitField,
} from 'discord.js';
import { z } from 'zod';
import { directScope } from '../../domain/direct-messages.ts';
import { Origin } from '../../domain/policy.ts';
import type { SourceFile } from '../../domain/ports.ts';
import type { Actor, Incoming, VoicePlace } from '../../domain/surface.ts';

/** What Discord says of a file that was sent along. */
export const AttachedFile = z.object({
  name: z.string(),
  /** Bytes. */
  size: z.number(),
  url: z.string(),
});
export type AttachedFile = Readonly<z.infer<typeof AttachedFile>>;

/** An `Incoming` that can be kept: of the files that were sent along it has only where they lie. */
export const Received = z.object({
  id: z.string(),
  input: z.union([
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('command'), name: z.string(), options: z.record(z.string(), z.string()) }),
    z.object({ kind: z.literal('speech'), text: z.string(), sounds: z.array(AttachedFile).readonly() }),
  ]),
  actor: z.object({ id: z.string(), manager: z.boolean(), roles: z.array(z.string()).readonly() }),
  scope: z.string(),
  channel: z.string(),
  origin: Origin,
  surface: z.literal('discord'),
  locale: z.string().nullable(),
  placeLocale: z.string().nullable().optional(),
  attachments: z.array(AttachedFile).readonly(),
  /** Whether nobody but whoever asked sees the reply. */
  isPrivate: z.boolean().optional(),
});
export type Received = Readonly<z.infer<typeof Received>>;

/** How the files that were sent along are opened. */
export type OpenFiles = (attached: readonly AttachedFile[]) => readonly SourceFile[];

/** What is there only while the program runs. */
export interface Surroundings {
  readonly openFiles: OpenFiles;
  readonly voice: VoicePlace | null;
  /** What commands in a text begin with there, where that is not the bot's own prefix. */
  readonly prefix: string | null;
  readonly mayRead: NonNullable<Incoming['mayRead']>;
}

/** What is done about it. */
export function opened(received: Received, { openFiles, voice, prefix, mayRead }: Surroundings): Incoming {
  const { input, attachments } = received;
  return {
    ...received,
    ...(prefix !== null && { prefix }),
    input: input.kind === 'speech' ? { ...input, sounds: openFiles(input.sounds) } : input,
    attachments: openFiles(attachments),
    voice,
    mayRead,
  };
}

/** Where things belong: the guild, or else this one conversation of direct messages. */
export function scopeOf(guild: string | null, channel: string): string {
  return guild ?? directScope(channel);
}

/** @param member who wrote it, as a member of the guild; null in direct messages, where they are alone with the bot */
export function receivedFromMessage(
  message: Message,
  member: GuildMember | null,
  input: Received['input'],
): Received {
  const { id, guildId, channelId, author, guild, attachments } = message;
  return {
    id,
    input,
    actor: {
      id: author.id,
      manager: guildId === null || manages(member?.permissions),
      roles: member === null ? [] : rolesOf(member.roles.cache.keys(), guildId),
    },
    scope: scopeOf(guildId, channelId),
    channel: channelId,
    origin: input.kind === 'speech' ? 'voice' : 'message',
    surface: 'discord',
    locale: null,
    placeLocale: guild?.preferredLocale ?? null,
    attachments: input.kind === 'speech' ? [] : attachedTo(attachments.values()),
  };
}

/** Of Discord's descriptions what is kept. */
export function attachedTo(attachments: Iterable<AttachedFile>): AttachedFile[] {
  return Array.from(attachments, ({ name, size, url }) => ({ name, size, url }));
}

export function receivedFromInteraction(
  interaction: BaseInteraction,
  input: Received['input'],
  {
    isPrivate,
    attachments = [],
  }: { readonly isPrivate: boolean; readonly attachments?: readonly AttachedFile[] },
): Received {
  const { id, guildId, channelId, locale, guildLocale } = interaction;
  if (channelId === null) throw new Error('an interaction came from no channel');
  return {
    id,
    input,
    actor: actorOfInteraction(interaction),
    scope: scopeOf(guildId, channelId),
    channel: channelId,
    origin: 'interaction',
    surface: 'discord',
    locale,
    placeLocale: guildLocale,
    attachments: attachedTo(attachments),
    isPrivate,
  };
}

/** As Discord says with the interaction itself, so that a role that was just lost counts no more. */
export function actorOfInteraction(interaction: BaseInteraction): Actor {
  const { user, member, guildId, memberPermissions, context } = interaction;
  if (guildId === null || member === null) {
    return { id: user.id, manager: guildId === null && context === InteractionContextType.BotDM, roles: [] };
  }
  const held = Array.isArray(member.roles) ? member.roles : member.roles.cache.keys();
  return { id: user.id, manager: manages(memberPermissions), roles: rolesOf(held, guildId) };
}

/** Administrators and the owner included. */
function manages(permissions: Readonly<PermissionsBitField> | null | undefined): boolean {
  return permissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
}

/** Without the one that everybody has, whose id is the guild's. */
function rolesOf(held: Iterable<string>, guild: string | null): string[] {
  return [...held].filter((role) => role !== guild);
}
