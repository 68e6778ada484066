import { english } from './english/english.ts';
import { russian } from './russian/russian.ts';
import type { Words } from './words.ts';

export type { Words };

export const languages: Readonly<Record<'en' | 'ru', Words>> = { en: english, ru: russian };
export type Language = keyof typeof languages;

export const languageTags: readonly Language[] = ['en', 'ru'];

/** What is known of who speaks what. Locales are BCP 47 tags. */
export interface Speaking {
  /** Of the person. */
  readonly locale: string | null;
  /** Of the place, as its platform has it. */
  readonly placeLocale?: string | null | undefined;
  /** What the place has chosen for this bot. */
  readonly chosen: Language | null;
  readonly usual: Language;
}

/** The person's own language; where that is not known or not spoken, what their place has chosen, or else speaks. */
export function languageFor({ locale, placeLocale = null, chosen, usual }: Speaking): Language {
  return languageOf(locale) ?? chosen ?? languageOf(placeLocale) ?? usual;
}

/** The language of a BCP 47 tag such as `ru` or `en-GB`; null where we do not speak it. */
export function languageOf(locale: string | null): Language | null {
  const [tag = ''] = (locale ?? '').toLowerCase().split('-');
  return languageTags.find((known) => known === tag) ?? null;
}
