import { GatewayDispatchEvents as Event, GatewayIntentBits as Intent } from 'discord-api-types/v10';

interface Needed {
  /** Each of them is enough. */
  readonly guild: number;
  readonly direct: number;
}

const NONE = 0;

const needed: ReadonlyMap<Event, Needed> = new Map([
  ...all(
    [Event.Ready, Event.Resumed, Event.InteractionCreate, Event.GuildMembersChunk, Event.UserUpdate],
    NONE,
  ),
  ...all([Event.GuildCreate, Event.GuildUpdate, Event.GuildDelete], Intent.Guilds),
  ...all([Event.GuildRoleCreate, Event.GuildRoleUpdate, Event.GuildRoleDelete], Intent.Guilds),
  ...all([Event.ChannelCreate, Event.ChannelUpdate, Event.ChannelDelete], Intent.Guilds),
  ...all([Event.GuildMemberAdd, Event.GuildMemberUpdate, Event.GuildMemberRemove], Intent.GuildMembers),
  ...all(
    [Event.MessageCreate, Event.MessageUpdate, Event.MessageDelete],
    Intent.GuildMessages,
    Intent.DirectMessages,
  ),
  ...all(
    [Event.MessageReactionAdd, Event.MessageReactionRemove],
    Intent.GuildMessageReactions,
    Intent.DirectMessageReactions,
  ),
  ...all([Event.VoiceStateUpdate], Intent.GuildVoiceStates),
  ...all([Event.VoiceServerUpdate], NONE),
  ...all([Event.TypingStart], Intent.GuildMessageTyping, Intent.DirectMessageTyping),
]);

function all(events: readonly Event[], guild: number, direct = guild): [Event, Needed][] {
  return events.map((event) => [event, { guild, direct }]);
}

/** Whether a session with these intents gets such an event. */
export function gets(intents: number, event: Event, { inGuild }: { readonly inGuild: boolean }): boolean {
  const kinds = needed.get(event);
  if (kinds === undefined) throw new Error(`The stand-in does not know which intent ${event} needs.`);
  const bits = inGuild ? kinds.guild : kinds.direct;
  return bits === NONE || (intents & bits) !== 0;
}

export const privilegedIntents = [
  Intent.GuildMembers,
  Intent.GuildPresences,
  Intent.MessageContent,
] as const satisfies readonly Intent[];

const known = Object.values(Intent).reduce<number>(
  (bits, one) => (typeof one === 'number' ? bits | one : bits),
  0,
);

export function areKnown(intents: number): boolean {
  return (intents & ~known) === 0;
}
