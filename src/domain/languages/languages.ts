import { english } from './english/english.ts';
import { russian } from './russian/russian.ts';
import type { Words } from './words.ts';

export type { Words };

export const languages: Readonly<Record<'en' | 'ru', Words>> = { en: english, ru: russian };
export type Language = keyof typeof languages;

export const languageTags: readonly Language[] = ['en', 'ru'];

/** The language of a BCP 47 tag such as `ru` or `en-GB`; null where we do not speak it. */
export function languageOf(locale: string | null): Language | null {
  const [tag = ''] = (locale ?? '').toLowerCase().split('-');
  return languageTags.find((known) => known === tag) ?? null;
}
