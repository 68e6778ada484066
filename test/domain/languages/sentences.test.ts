import { describe, expect, it } from 'vitest';
import { languages } from '../../../src/domain/languages/languages.ts';
import { type Entry, entriesOf, factsFor } from './facts.ts';

const english = entriesOf(languages.en);
const russian = entriesOf(languages.ru);

/** What is called so in every language: formats, fields of files, folders, and what stands for itself. */
const INTERNATIONAL = new Set(
  `JSON CSV UTF UTC NUL SHA zip id Id ID ids Ctrl D Discord Developer Policy True
  messages prompt completion input preferred_output role user assistant true false null sft dpo kto
  datasets archives exports faq.jsonl vault
  API OpenAI auto batch_size OPENAI_TIMEOUT_SECONDS OPENAI_API_KEY OPENAI_BASE_URL TRANSCRIPTION Whisper NODE_EXTRA_CA_CERTS`.split(
    /\s+/,
  ),
);

interface Said {
  readonly facts: readonly unknown[];
  readonly en: string;
  readonly ru: string;
}

/** An entry in both languages, said of the same facts. */
function said(path: string, entry: Entry): Said[] {
  const translated = russian.get(path);
  if (typeof entry === 'string') return [{ facts: [], en: entry, ru: String(translated) }];
  if (typeof translated !== 'function') throw new Error(`${path} is no function in Russian`);
  return factsFor(path, entry).map((facts) => ({
    facts,
    en: String(Reflect.apply(entry, undefined, facts)),
    ru: String(Reflect.apply(translated, undefined, facts)),
  }));
}

/** The texts among the facts, the longest first. */
function textsIn(facts: unknown): string[] {
  if (typeof facts === 'string') return [facts];
  if (typeof facts !== 'object' || facts === null) return [];
  return Object.values(facts)
    .flatMap(textsIn)
    .sort((a, b) => b.length - a.length);
}

/** Without what the facts say. */
function ownWords(sentence: string, facts: readonly unknown[]): string {
  return textsIn(facts).reduce((rest, fact) => rest.replaceAll(fact, '7'), sentence);
}

/** An example of one. */
const TIME = /\d{4}-\d\d-\d\dT[\d:]+Z/g;
const FULL_STOP = /[.?!]$/;

describe.each([...english])('%s', (path, entry) => {
  it('says in Russian what it says in English', () => {
    for (const { facts, en, ru } of said(path, entry)) {
      for (const sentence of [en, ru]) expect(sentence).not.toMatch(/undefined|NaN|\[object/);
      // A fact that is translated has no 7 in it.
      for (const fact of textsIn(facts).filter((text) => text.includes('7')))
        expect([en, ru, fact, ru.includes(fact)]).toEqual([en, ru, fact, en.includes(fact)]);
    }
  });

  it('has Russian words, and no others but those of every language', () => {
    for (const { facts, en, ru } of said(path, entry)) {
      const own = ownWords(ru, facts).replaceAll(TIME, '');
      const latin = own.match(/[A-Za-z]+(?:[._][A-Za-z]+)*/g) ?? [];
      expect([ru, latin.filter((word) => !INTERNATIONAL.has(word))]).toEqual([ru, []]);
      if (/[a-z]{3}/.test(ownWords(en, facts)) && own !== '7') expect(own).toMatch(/\p{Script=Cyrillic}/u);
    }
  });

  it('begins and ends as in English', () => {
    for (const { facts, en, ru } of said(path, entry)) {
      const [own, ownEnglish] = [ownWords(ru, facts), ownWords(en, facts)];
      // A full stop would seem to belong to what is to be typed.
      if (!own.endsWith('7')) expect([ru, FULL_STOP.test(ru)]).toEqual([ru, FULL_STOP.test(en)]);
      expect([ru, ru.endsWith(':')]).toEqual([ru, en.endsWith(':')]);
      expect(ru).toBe(ru.trim());
      expect(ru).not.toMatch(/ {2}|\.\.$/);
      if (/^\p{Lu}/u.test(ownEnglish)) expect(own).not.toMatch(/^\p{Ll}/u);
      if (/^\p{Ll}.*[^.]$/su.test(ownEnglish)) expect(own).not.toMatch(/^[А-ЯЁ][а-яё]/u);
    }
  });
});
