import { type Client, type Message, RESTJSONErrorCodes, SnowflakeUtil } from 'discord.js';
import type { Log } from '../../domain/ports.ts';
import type { Inbox } from './inbox.ts';
import { isError } from './own-messages.ts';

/** What is older is not answered any more. The inbox remembers for longer what has been answered. */
const MAX_AGE_MS = 12 * 60 * 60_000;
/** What was heard in one channel may have been recorded a little before what came earlier in another. */
const SLACK_MS = 10_000;
const PAGE = 100;
/** Of one channel: more is written by machines. */
const MAX_MESSAGES = 10_000;

export interface Away {
  readonly inbox: Pick<Inbox, 'channels' | 'behind' | 'fallBehind' | 'catchUp'>;
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
 * missed nothing. A channel that cannot be read now is noted as behind, to be read the next time.
 */
export async function* missedMessages(client: Client<true>, away: Away): AsyncIterable<Missed> {
  const { inbox, log } = away;
  for (const { channel, since } of placesToLook(client, away)) {
    try {
      yield* messagesAfter(client, channel, since, log);
      inbox.catchUp(channel);
    } catch (error) {
      if (isGone(error, client.channels.cache.has(channel))) continue;
      inbox.fallBehind(channel, since);
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('missed messages cannot be read', { channel, reason });
    }
  }
}

interface Place {
  readonly channel: string;
  /** After this something may have been missed there, in ms since 1970. */
  readonly since: number;
}

/**
 * Every channel with something newer than what is known, the liveliest first. What is recorded in one channel says that
 * what came before is recorded in all, but for those that are behind.
 */
function placesToLook(client: Client<true>, { inbox, now, log }: Away): readonly Place[] {
  const channels = inbox.channels();
  if (channels.size === 0) return [];
  const behind = inbox.behind();
  const newest = Math.max(...channels.values());
  const earliest = now - MAX_AGE_MS;
  if (newest < earliest) log.warn('nothing older is answered', { since: isoTime(earliest) });
  const since = (channel: string) => {
    const fellBehind = behind.get(channel);
    if (fellBehind !== undefined && fellBehind < earliest)
      log.warn('nothing older is answered', { channel, since: isoTime(earliest) });
    return Math.max(fellBehind ?? newest - SLACK_MS, earliest);
  };
  const announced = new Set<string>();
  const places: (Place & { readonly latest: number })[] = [];
  for (const channel of client.channels.cache.values()) {
    if (!channel.isTextBased() || channel.isDMBased()) continue;
    const { id, lastMessageId } = channel;
    announced.add(id);
    // Where the bot may not look it hears nothing either.
    if (lastMessageId === null || !channel.viewable) continue;
    const latest = SnowflakeUtil.timestampFrom(lastMessageId);
    const place = { channel: id, since: since(id), latest };
    if (latest >= place.since) places.push(place);
    else inbox.catchUp(id);
  }
  // Direct messages are announced by nothing; what else is not in the cache is out of reach.
  for (const [channel, latest] of channels) {
    if (!announced.has(channel)) places.push({ channel, since: since(channel), latest });
  }
  return places.toSorted((one, other) => other.latest - one.latest);
}

async function* messagesAfter(
  client: Client<true>,
  id: string,
  since: number,
  log: Log,
): AsyncIterable<Missed> {
  const channel = await client.channels.fetch(id);
  if (channel === null || !channel.isTextBased()) return;
  const { lastMessageId: last } = channel;
  if (typeof last === 'string' && SnowflakeUtil.timestampFrom(last) < since) return;
  let after = String(SnowflakeUtil.generate({ timestamp: since }));
  for (let count = 0; count < MAX_MESSAGES; count += PAGE) {
    const messages = await channel.messages.fetch({ after, limit: PAGE, cache: false });
    const ours = messages.filter(({ author }) => author.id === client.user.id);
    const answered = new Set(ours.map(({ reference }) => reference?.messageId));
    for (const message of [...messages.values()].toReversed()) {
      yield { message, hasReply: answered.has(message.id) };
    }
    after = messages.firstKey() ?? after;
    if (messages.size < PAGE) return;
  }
  log.warn('more was missed than is looked at', { channel: id, messages: MAX_MESSAGES });
}

/** There is nothing any more, or the bot is out of the guild where it was. */
function isGone(error: unknown, isAnnounced: boolean): boolean {
  return (
    isError(error, RESTJSONErrorCodes.UnknownChannel) ||
    (!isAnnounced && isError(error, RESTJSONErrorCodes.MissingAccess))
  );
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
