import { type Message, MessageType } from 'discord.js';
import type { AttachedFile, Received } from './incoming.ts';
import { soundsOf } from './sounds.ts';

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
  /** Whether it names a command of the bot, or nearly: other bots may have the same prefix. */
  readonly isNearlyCommand: (name: string) => boolean;
}

/** Whether a person wrote it: no bot, webhook or Discord itself. */
export function isByPerson({ author, webhookId, type }: Message): boolean {
  return !author.bot && !author.system && webhookId === null && isWritten(type);
}

/** What a person's message asks of the bot; null where it is not for the bot, or nothing can be read in it. */
export async function inputFor(message: Message, addressing: Addressing): Promise<Received['input'] | null> {
  const { self } = addressing;
  const { content } = message;
  const sounds = soundsOf(message);
  if (mentions(content, self)) {
    const text = withoutMentions(content, self);
    if (text !== '' || sounds.length > 0) return inputOf(text, sounds, self);
    return { kind: 'command', name: 'hi', options: {} };
  }
  if (content.trim() === '' && sounds.length === 0) return null;
  const isFor =
    message.guildId === null ||
    isCommand(content, addressing) ||
    message.mentions.repliedUser?.id === self.user ||
    isIn(message, addressing.channels) ||
    isIn(message, new Set(await addressing.answerChannels()));
  return isFor ? inputOf(content, sounds, self) : null;
}

/** A command takes what was sent along as its file. */
function inputOf(text: string, sounds: readonly AttachedFile[], { prefix }: Self): Received['input'] {
  return sounds.length === 0 || beginsCommand(text, prefix)
    ? { kind: 'text', text }
    : { kind: 'speech', text: text.trim(), sounds };
}

function isWritten(type: MessageType): boolean {
  return type === MessageType.Default || type === MessageType.Reply;
}

/** In a channel full of people "!!!" is no command. */
function beginsCommand(content: string, prefix: string): boolean {
  const line = content.trimStart();
  return line.startsWith(prefix) && /^\p{L}/u.test(line.slice(prefix.length));
}

function isCommand(content: string, { self: { prefix }, isNearlyCommand }: Addressing): boolean {
  if (!beginsCommand(content, prefix)) return false;
  const [name = ''] = content.trimStart().slice(prefix.length).split(/\s/, 1);
  return isNearlyCommand(name.toLowerCase());
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
