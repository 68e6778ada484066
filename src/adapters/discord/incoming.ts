import {
  type BaseInteraction,
  type GuildMember,
  type Message,
  PermissionFlagsBits,
  type PermissionsBitField,
} from 'discord.js';
import { z } from 'zod';
import { languageOf } from '../../domain/languages/languages.ts';
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
  attachments: z.array(AttachedFile).readonly(),
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
}

/** What is done about it. */
export function opened(received: Received, { openFiles, voice, prefix }: Surroundings): Incoming {
  const { input, attachments } = received;
  return {
    ...received,
    ...(prefix !== null && { prefix }),
    input: input.kind === 'speech' ? { ...input, sounds: openFiles(input.sounds) } : input,
    attachments: openFiles(attachments),
    voice,
  };
}

/** Where things belong: the guild, or else this one conversation of direct messages. */
export function scopeOf(guild: string | null, channel: string): string {
  return guild ?? `dm-${channel}`;
}

/** @param member who wrote it, as a member of the guild; null in direct messages */
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
      manager: manages(member?.permissions),
      roles: member === null ? [] : rolesOf(member.roles.cache.keys(), guildId),
    },
    scope: scopeOf(guildId, channelId),
    channel: channelId,
    origin: input.kind === 'speech' ? 'voice' : 'message',
    surface: 'discord',
    locale: guild?.preferredLocale ?? null,
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
  attachments: readonly AttachedFile[] = [],
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
    // Who speaks a language that we do not is answered in the place's.
    locale: languageOf(locale) === null ? (guildLocale ?? locale) : locale,
    attachments: attachedTo(attachments),
  };
}

/** As Discord says with the interaction itself, so that a role that was just lost counts no more. */
export function actorOfInteraction({ user, member, guildId, memberPermissions }: BaseInteraction): Actor {
  if (guildId === null || member === null) return { id: user.id, manager: false, roles: [] };
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
