import { type Language, languageFor } from '../../domain/languages/languages.ts';
import type { Bot, Incoming } from '../../domain/surface.ts';

/** In which language whoever asks is answered. */
export async function languageSpoken(
  { scope, locale, placeLocale }: Pick<Incoming, 'scope' | 'locale' | 'placeLocale'>,
  { bot, language: usual }: { readonly bot: Pick<Bot, 'settingsOf'>; readonly language: Language },
): Promise<Language> {
  const { locale: chosen } = await bot.settingsOf(scope);
  return languageFor({ locale, placeLocale, chosen, usual });
}
