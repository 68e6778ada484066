import type { Guild } from 'discord.js';

/** Whoever is not known to be a program is a person. */
export function isPerson({ client, members }: Guild, member: string): boolean {
  return member !== client.user.id && members.cache.get(member)?.user.bot !== true;
}

/** Who sits in a voice channel, programs left out. */
export function peopleIn(guild: Guild, channel: string): readonly string[] {
  const states = [...guild.voiceStates.cache.values()];
  return states.flatMap(({ channelId, id }) => (channelId === channel && isPerson(guild, id) ? [id] : []));
}
