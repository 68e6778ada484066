import { expressionOf } from './expressions.ts';
import { stemOf } from './stems.ts';
import { classOf, type WordClass } from './word-classes.ts';

/** One word of a question, as it is compared with the words of others. */
export interface Term {
  readonly stem: string;
  /** Folded: lower case, without Latin diacritics. */
  readonly word: string;
  readonly wordClass: WordClass;
  /** A number, or a word with a digit in it. */
  readonly numeric: boolean;
  /** Written with a capital letter inside a sentence: most often the name of something. */
  readonly name: boolean;
}

/** Of longer texts the beginning and the end are looked at: a question stands before or after what was pasted. */
const MAX_LENGTH = 4_000;

const WORD =
  /\p{N}+(?:[.,:]\p{N}+)+|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['-][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*[+#]*/gu;
/** Scripts that put no spaces between words are compared by pairs of characters. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** The words of a text, each once, in order. */
export function analyse(text: string): Term[] {
  const terms = new Map<string, Term>();
  for (const { word, name } of wordsOf(shortened(text))) {
    const known = terms.get(word);
    if (known === undefined || (name && !known.name)) terms.set(word, termOf(word, name));
  }
  const stems = new Map<string, Term>();
  for (const term of terms.values()) if (!stems.has(term.stem)) stems.set(term.stem, term);
  return [...stems.values()];
}

/** What is left of a text when case, punctuation and spacing do not count; empty for one without words. */
export function foldText(text: string): string {
  return [...withPlainMarks(text).matchAll(WORD)].map(([word]) => foldWord(word)).join(' ');
}

function shortened(text: string): string {
  if (text.length <= MAX_LENGTH) return withPlainMarks(text);
  return withPlainMarks(`${text.slice(0, MAX_LENGTH / 2)}\n${text.slice(-MAX_LENGTH / 2)}`);
}

function withPlainMarks(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[’ʼ‘`´]/gu, "'")
    .replace(/[‐‑]/gu, '-');
}

interface Word {
  readonly word: string;
  readonly name: boolean;
}

function* wordsOf(text: string): Generator<Word> {
  let pending: Word | null = null;
  for (const word of singleWords(text)) {
    if (pending !== null) {
      const expression = expressionOf(pending.word, word.word);
      if (expression !== null) {
        yield { word: expression, name: false };
        pending = null;
        continue;
      }
      yield pending;
    }
    pending = word;
  }
  if (pending !== null) yield pending;
}

function* singleWords(text: string): Generator<Word> {
  const shouted = text === text.toUpperCase();
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    const [original] = match;
    const startsSentence = end === 0 || /[.!?…:\n"«“(]/u.test(text.slice(end, match.index));
    end = match.index + original.length;
    const folded = foldWord(original);
    if (UNSPACED.test(folded)) {
      yield* characterPairs(folded);
      continue;
    }
    const name = !shouted && !startsSentence && /^\p{Lu}/u.test(original) && original !== 'I';
    for (const word of partsOf(folded)) yield { word, name };
  }
}

function foldWord(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replace(/(\p{sc=Latin})\p{M}+/gu, '$1')
    .replace(/[\u0300\u0301]/gu, '')
    .normalize('NFC')
    .replaceAll('ё', 'е');
}

/** What contractions and hyphens hold together. */
function partsOf(word: string): string[] {
  if (!/['-]/.test(word)) return [/^v\d/.test(word) ? word.slice(1) : word];
  const negated = /^(.+)n't$/.exec(word)?.[1];
  if (negated !== undefined) return [negated === 'ca' ? 'can' : negated === 'wo' ? 'will' : negated, 'not'];
  const parts = word.replace(/'(?:s|re|ve|ll|d|m)$/, '').split(/['-]/);
  // wi-fi and wifi, e-mail and email are one word.
  return parts.some((part) => part.length <= 2) ? [parts.join('')] : parts;
}

function* characterPairs(word: string): Generator<Word> {
  const characters = [...word];
  if (characters.length === 1) yield { word, name: false };
  for (let i = 0; i + 1 < characters.length; i++) {
    yield { word: characters.slice(i, i + 2).join(''), name: false };
  }
}

interface WordForm {
  readonly stem: string;
  readonly wordClass: WordClass;
  readonly numeric: boolean;
}

/** Natural texts repeat their words; a text of random ones must not fill the memory. */
const MAX_KNOWN_FORMS = 50_000;
const knownForms = new Map<string, WordForm>();

function termOf(word: string, name: boolean): Term {
  const known = knownForms.get(word);
  const form = known ?? formOf(word);
  if (known === undefined && knownForms.size < MAX_KNOWN_FORMS) knownForms.set(word, form);
  return { ...form, word, name };
}

function formOf(word: string): WordForm {
  const stem = stemOf(word);
  return {
    stem,
    wordClass: classOf(word),
    numeric: /\p{N}/u.test(word),
  };
}
