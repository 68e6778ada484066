/**
 * The languages that are spoken, by ISO 639-1, with eSpeak NG's voice for each. No other name of a voice reaches an
 * engine.
 */
export const espeakVoices = {
  bg: 'bg',
  cs: 'cs',
  da: 'da',
  de: 'de',
  el: 'el',
  en: 'en-us',
  es: 'es',
  fi: 'fi',
  fr: 'fr',
  hr: 'hr',
  hu: 'hu',
  it: 'it',
  ja: 'ja',
  ko: 'ko',
  lt: 'lt',
  nl: 'nl',
  no: 'nb',
  pl: 'pl',
  pt: 'pt-br',
  ro: 'ro',
  ru: 'ru',
  sv: 'sv',
  tr: 'tr',
  uk: 'uk',
  vi: 'vi',
} as const;

export type SpokenLanguage = keyof typeof espeakVoices;

/** The language of a BCP 47 tag such as `ru` or `en-GB`; English where no voice speaks it. */
export function spokenLanguageOf(locale: string): SpokenLanguage {
  const [tag = ''] = locale.toLowerCase().split('-');
  return isSpoken(tag) ? tag : 'en';
}

function isSpoken(tag: string): tag is SpokenLanguage {
  return Object.hasOwn(espeakVoices, tag);
}
