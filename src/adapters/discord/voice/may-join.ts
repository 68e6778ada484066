import { ChannelType, type Guild, PermissionFlagsBits, type VoiceChannel } from 'discord.js';
import { type InWords, Refusal } from '../../../domain/refusal.ts';

/** @throws Refusal where the bot cannot be heard there, with the reason */
export function requireAccess(guild: Guild, id: string): void {
  const reason = obstacle(guild, id);
  if (reason !== null) throw new Refusal(reason);
}

/** @throws Refusal where the bot cannot be heard there, or cannot write to those who sit there, with the reason */
export function requireWriting(guild: Guild, id: string): void {
  requireAccess(guild, id);
  const { me } = guild.members;
  const may = me === null ? null : guild.channels.cache.get(id)?.permissionsFor(me);
  if (may?.has(PermissionFlagsBits.SendMessages) !== true)
    throw new Refusal(({ voiceConnection }) => voiceConnection.mayNotTell(`<#${id}>`));
}

function obstacle(guild: Guild, id: string): InWords | null {
  const mention = `<#${id}>`;
  const channel = guild.channels.cache.get(id);
  if (channel?.type === ChannelType.GuildStageVoice)
    return ({ voiceConnection }) => voiceConnection.stage(mention);
  const may = channel?.type === ChannelType.GuildVoice ? permissionsIn(channel) : null;
  if (channel?.type !== ChannelType.GuildVoice || may === null || !may.has(PermissionFlagsBits.ViewChannel))
    return ({ voiceConnection }) => voiceConnection.unknown(mention);
  if (!may.has(PermissionFlagsBits.Connect))
    return ({ voiceConnection }) => voiceConnection.mayNotConnect(mention);
  if (!may.has(PermissionFlagsBits.Speak))
    return ({ voiceConnection }) => voiceConnection.mayNotSpeak(mention);
  if (isFull(channel) && !may.has(PermissionFlagsBits.MoveMembers))
    return ({ voiceConnection }) => voiceConnection.full(mention);
  return null;
}

function permissionsIn(channel: VoiceChannel) {
  const { me } = channel.guild.members;
  return me === null ? null : channel.permissionsFor(me);
}

function isFull({ guild, id, userLimit }: VoiceChannel): boolean {
  const present = guild.voiceStates.cache.filter(({ channelId }) => channelId === id);
  return userLimit > 0 && present.size >= userLimit && !present.has(guild.client.user.id);
}
