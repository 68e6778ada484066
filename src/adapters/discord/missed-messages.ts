import { type Client, type Message, SnowflakeUtil } from 'discord.js';
import type { Log } from '../../domain/ports.ts';

/** What is older is not answered any more by a bot that has just come back. */
const MAX_AGE_MS = 15 * 60_000;
/** What was heard in one channel may have been recorded a little before what came earlier in another. */
const SLACK_MS = 10_000;
const MAX_CHANNELS = 50;
const PAGE = 100;
const MAX_PAGES = 5;

export interface Heard {
  /** Up to when nothing was missed in each channel that is known, in ms since 1970. */
  readonly channels: ReadonlyMap<string, number>;
  readonly now: number;
  readonly log: Log;
}

export interface Missed {
  readonly message: Message;
  /** Whether a reply of ours stands there already, of which a machine that lost its power knows nothing. */
  readonly hasReply: boolean;
}

/**
 * What was written while the bot was away, the oldest first in each channel. Where it has never heard anything it has
 * missed nothing.
 */
export async function* missedMessages(client: Client<true>, heard: Heard): AsyncIterable<Missed> {
  for (const [channel, since] of placesToLook(client, heard)) {
    try {
      yield* messagesAfter(client, channel, since);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      heard.log.warn('missed messages cannot be read', { channel, reason });
    }
  }
}

/** Channels with the time after which something may have been missed. */
function placesToLook(client: Client, { channels, now }: Heard): readonly (readonly [string, number])[] {
  if (channels.size === 0) return [];
  const earliest = now - MAX_AGE_MS;
  const newest = Math.max(...channels.values());
  const since = (channel: string) => Math.max((channels.get(channel) ?? newest) - SLACK_MS, earliest);
  const silent = new Set<string>();
  const places: { channel: string; latest: number }[] = [];
  for (const channel of client.channels.cache.values()) {
    if (!channel.isTextBased() || channel.isDMBased()) continue;
    const { id, lastMessageId } = channel;
    silent.add(id);
    const latest = lastMessageId === null ? 0 : SnowflakeUtil.timestampFrom(lastMessageId);
    if (latest >= since(id)) places.push({ channel: id, latest });
  }
  // Direct messages are announced by nothing; what else is not in the cache is out of reach.
  for (const [channel, latest] of channels) if (!silent.has(channel)) places.push({ channel, latest });
  return places
    .toSorted((one, other) => other.latest - one.latest)
    .slice(0, MAX_CHANNELS)
    .map(({ channel }) => [channel, since(channel)] as const);
}

async function* messagesAfter(client: Client<true>, id: string, since: number): AsyncIterable<Missed> {
  const channel = await client.channels.fetch(id);
  if (channel === null || !channel.isTextBased()) return;
  let after = String(SnowflakeUtil.generate({ timestamp: since }));
  for (let page = 0; page < MAX_PAGES; page++) {
    const messages = await channel.messages.fetch({ after, limit: PAGE, cache: false });
    const ours = messages.filter(({ author }) => author.id === client.user.id);
    const answered = new Set(ours.map(({ reference }) => reference?.messageId));
    for (const message of [...messages.values()].toReversed()) {
      yield { message, hasReply: answered.has(message.id) };
    }
    after = messages.firstKey() ?? after;
    if (messages.size < PAGE) return;
  }
}
