import { Refusal } from '../domain/refusal.ts';
import type { Incoming, VoicePlace } from '../domain/surface.ts';

/** @throws Refusal where there is no voice */
export function voiceOf({ voice, surface }: Pick<Incoming, 'voice' | 'surface'>): VoicePlace {
  if (voice === null) throw new Refusal((words) => words.voice.none[surface]);
  return voice;
}

/** Discord shows the name of what is written so. */
export function shownChannel(channel: string, { surface }: Pick<Incoming, 'surface'>): string {
  return surface === 'discord' ? `<#${channel}>` : channel;
}

export function shownMember(member: string, { surface }: Pick<Incoming, 'surface'>): string {
  return surface === 'discord' ? `<@${member}>` : member;
}
