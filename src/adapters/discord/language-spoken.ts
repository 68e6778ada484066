import { type Language, languageOf } from '../../domain/languages/languages.ts';
import type { Bot, Incoming } from '../../domain/surface.ts';

/** Who chose something from a menu has a language of their own; a text in a channel is answered in the channel's. */
export async function languageSpoken(
  { origin, scope, locale }: Pick<Incoming, 'origin' | 'scope' | 'locale'>,
  { bot, language }: { readonly bot: Pick<Bot, 'settingsOf'>; readonly language: Language },
): Promise<Language> {
  const own = languageOf(locale);
  if (origin === 'interaction' && own !== null) return own;
  return (await bot.settingsOf(scope)).locale ?? own ?? language;
}
