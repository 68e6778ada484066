import { type Message, MessageType } from 'discord.js';
import type { Incoming } from '../../domain/surface.ts';

/** Who the bot is there. */
export interface Self {
  readonly user: string;
  /** The role that it brought with it, which people mention by mistake; null in direct messages. */
  readonly role: string | null;
  readonly prefix: string;
}

export interface Addressing {
  readonly self: Self;
  /** Channels where every message is for the bot, by the operator's choice. */
  readonly channels: ReadonlySet<string>;
  /** And by the choice of those who run the place. */
  readonly answerChannels: () => Promise<readonly string[]>;
}

/** Whether a person wrote it: no bot, webhook or Discord itself. */
export function isByPerson({ author, webhookId, type }: Message): boolean {
  return !author.bot && !author.system && webhookId === null && isWritten(type);
}

/** What a person's message asks of the bot; null where it is not for the bot, or nothing can be read in it. */
export async function inputFor(message: Message, addressing: Addressing): Promise<Incoming['input'] | null> {
  const { self } = addressing;
  const { content } = message;
  if (mentions(content, self)) {
    const text = withoutMentions(content, self);
    return text === '' ? { kind: 'command', name: 'hi', options: {} } : { kind: 'text', text };
  }
  if (content.trim() === '') return null;
  const isFor =
    beginsCommand(content, self.prefix) ||
    message.guildId === null ||
    message.mentions.repliedUser?.id === self.user ||
    isIn(message, addressing.channels) ||
    isIn(message, new Set(await addressing.answerChannels()));
  return isFor ? { kind: 'text', text: content } : null;
}

function isWritten(type: MessageType): boolean {
  return type === MessageType.Default || type === MessageType.Reply;
}

/** In a channel full of people "!!!" is no command. */
function beginsCommand(content: string, prefix: string): boolean {
  const line = content.trimStart();
  return line.startsWith(prefix) && /^\p{L}/u.test(line.slice(prefix.length));
}

function mentions(content: string, self: Self): boolean {
  return content.includes('<@') && mentionOf(self).test(content);
}

function withoutMentions(content: string, self: Self): string {
  return content.replaceAll(mentionOf(self, 'g'), ' ').trim();
}

function mentionOf({ user, role }: Self, flags = ''): RegExp {
  const who = role === null ? `!?${user}` : `(?:!?${user}|&${role})`;
  return new RegExp(`[^\\S\\n]*<@${who}>[^\\S\\n]*`, `u${flags}`);
}

/** A thread belongs to its channel. */
function isIn({ channelId, channel }: Message, channels: ReadonlySet<string>): boolean {
  const parent = channel.isThread() ? channel.parentId : null;
  return channels.has(channelId) || (parent !== null && channels.has(parent));
}
