import { ActivityType, type PresenceData } from 'discord.js';
import { type Language, languages } from '../../domain/languages/languages.ts';

const MAX_STATE = 128;

/**
 * What stands beside the bot's name, for the client's options: there it also outlives a new session.
 * @param prefix null where the bot cannot read what is written in channels
 */
export function presenceOf(prefix: string | null, language: Language): PresenceData {
  const state = languages[language].discord.presence(prefix).slice(0, MAX_STATE);
  return { activities: [{ name: state, state, type: ActivityType.Custom }] };
}
