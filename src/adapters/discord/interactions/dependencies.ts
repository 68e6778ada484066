import type { BaseInteraction } from 'discord.js';
import { type Language, languages, type Words } from '../../../domain/languages/languages.ts';
import type { Log } from '../../../domain/ports.ts';
import type { Bot, CommandDescription } from '../../../domain/surface.ts';
import type { Answering } from '../answering.ts';
import { scopeOf } from '../incoming.ts';
import { languageSpoken } from '../language-spoken.ts';
import type { RateLimits } from '../rate-limits.ts';

/** What answers interactions. */
export interface Dependencies {
  readonly bot: Bot;
  readonly answering: Pick<Answering, 'answer' | 'knows' | 'refuse'>;
  readonly log: Log;
  /** Spoken where neither the person nor the place has a language that we speak. */
  readonly language: Language;
  /** In ms since 1970. */
  readonly now: () => number;
  readonly rateLimits: Pick<RateLimits, 'take'>;
  /** Of what is suggested while people type, which asks for something with every key. */
  readonly typingLimits: Pick<RateLimits, 'take'>;
  /** How long the bot may think about what cannot be deferred: 2 s where it is left out, since Discord waits for 3. */
  readonly thinkingMs?: number;
}

/** What menus, forms and buttons say to the person who used one. */
export async function wordsFor(
  { locale, guildLocale: placeLocale, guildId, channelId, user }: BaseInteraction,
  dependencies: Pick<Dependencies, 'bot' | 'language'>,
): Promise<Words['interactions']> {
  const scope = scopeOf(guildId, channelId ?? user.id);
  return languages[await languageSpoken({ scope, locale, placeLocale }, dependencies)].interactions;
}

/** Null for a command that we do not have, perhaps not any more. */
export function commandNamed({ bot }: Pick<Dependencies, 'bot'>, name: string): CommandDescription | null {
  return bot.commands.find((command) => command.name === name) ?? null;
}
