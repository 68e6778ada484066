import { distance } from 'fastest-levenshtein';
import type { Term } from './analysis.ts';
import { areOpposite } from './opposites.ts';
import { areSynonyms } from './synonyms.ts';
import type { WordClass } from './word-classes.ts';

/** What is known of the words of all learned prompts. */
export interface Vocabulary {
  /** How many prompts there are. */
  readonly prompts: number;
  /** In how many of the prompts a stem stands. */
  frequency(stem: string): number;
}

/** How much a word weighs before its frequency is looked at; a word that says what it is about weighs 1. */
const WEIGHTS: Readonly<Record<WordClass, number>> = {
  filler: 0.03,
  question: 0.35,
  common: 0.35,
  content: 1,
};
/** Numbers and names are seldom said in other words. */
const WEIGHT_OF_NUMBERS_AND_NAMES = 1.2;
/** Where a prompt is nothing but small words ("who are you?"), they are what it is about. */
const WEIGHT_OF_FILLERS_ALONE = 0.35;
/** How much of its weight a word loses that stands in every prompt. */
const FREQUENCY_DISCOUNT = 0.6;
/** With fewer prompts than about this many, frequencies say little. */
const TELLING_PROMPTS = 10;

/** How much of a match it is when words are not the same. */
const SYNONYM = 0.85;
const TYPO = 0.9;
const VARIANT = 0.75;

/** What a contradiction leaves of a similarity. */
const OTHER_NUMBER = 0.5;
const OTHER_NAME = 0.6;
const OPPOSITE = 0.6;
const OTHER_QUESTION = 0.9;

/**
 * How much of what two questions say they have in common: twice the weight of the words that they share over
 * the weight of the words of both, from 0 to 1, and less where they contradict each other. It is the same
 * seen from either side but for typos, which are looked for in `asked` only.
 */
export function similarity(asked: readonly Term[], learned: readonly Term[], vocabulary: Vocabulary): number {
  const bare = !asked.some(isTelling) || !learned.some(isTelling);
  const weightOf = (term: Term) => weigh(term, vocabulary, bare);
  const total = sum(asked, weightOf) + sum(learned, weightOf);
  if (total === 0) return 0;

  const { shared, onlyAsked, onlyLearned } = align(asked, learned, vocabulary);
  const common = shared.reduce((weight, [a, b, degree]) => weight + degree * (weightOf(a) + weightOf(b)), 0);
  return (common / total) * contradiction(onlyAsked, onlyLearned);
}

function weigh(term: Term, vocabulary: Vocabulary, bare: boolean): number {
  const { prompts } = vocabulary;
  const frequency = vocabulary.frequency(term.stem);
  const commonness = frequency <= 1 ? 0 : Math.log(frequency) / Math.log(prompts);
  const trust = prompts / (prompts + TELLING_PROMPTS);
  return baseWeight(term, bare) * (1 - FREQUENCY_DISCOUNT * commonness * trust);
}

function baseWeight({ wordClass, numeric, name }: Term, bare: boolean): number {
  if (numeric || (name && wordClass === 'content')) return WEIGHT_OF_NUMBERS_AND_NAMES;
  return bare && wordClass === 'filler' ? WEIGHT_OF_FILLERS_ALONE : WEIGHTS[wordClass];
}

interface Alignment {
  /** Pairs of words and how far, from 0 to 1, they are the same. */
  readonly shared: readonly (readonly [asked: Term, learned: Term, degree: number])[];
  readonly onlyAsked: readonly Term[];
  readonly onlyLearned: readonly Term[];
}

function align(asked: readonly Term[], learned: readonly Term[], vocabulary: Vocabulary): Alignment {
  const shared: [Term, Term, number][] = [];
  const onlyLearned = new Map(learned.map((term) => [term.stem, term]));
  const take = (a: Term, b: Term, degree: number) => {
    shared.push([a, b, degree]);
    onlyLearned.delete(b.stem);
  };

  const unmatched = asked.filter((term) => {
    const same = onlyLearned.get(term.stem);
    if (same !== undefined) take(term, same, 1);
    return same === undefined;
  });
  const onlyAsked = unmatched.filter((term) => {
    const related = nearest(term, onlyLearned.values(), vocabulary);
    if (related !== null) take(term, ...related);
    return related === null;
  });
  return { shared, onlyAsked, onlyLearned: [...onlyLearned.values()] };
}

function nearest(term: Term, others: Iterable<Term>, vocabulary: Vocabulary): [Term, number] | null {
  let best: [Term, number] | null = null;
  for (const other of others) {
    const degree = relation(term, other, vocabulary);
    if (degree > (best?.[1] ?? 0)) best = [other, degree];
  }
  return best;
}

function relation(asked: Term, learned: Term, vocabulary: Vocabulary): number {
  if (areSynonyms(asked.stem, learned.stem)) return SYNONYM;
  if (!isWordOfContent(asked) || learned.numeric) return 0;
  if (vocabulary.frequency(asked.stem) === 0 && isTypo(asked.word, learned.word)) return TYPO;
  return isContent(learned) && isVariant(asked.stem, learned.stem) ? VARIANT : 0;
}

/** Two words of one family that the stemmer keeps apart, as "post" and "postal". */
function isVariant(a: string, b: string): boolean {
  const shortest = Math.min(a.length, b.length);
  let shared = 0;
  while (shared < shortest && a[shared] === b[shared]) shared++;
  return shared >= 4 && shared / Math.max(a.length, b.length) >= 0.6;
}

/** How many letters may be wrong in a word; 0 where it is too short to tell. */
export function typosTaken(word: string): number {
  return word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
}

function isTypo(a: string, b: string): boolean {
  const taken = typosTaken(a.length < b.length ? a : b);
  if (taken === 0 || Math.abs(a.length - b.length) > taken) return false;
  return distance(a, b) <= taken || areSwapped(a, b);
}

/** Whether two neighbouring letters changed places. */
function areSwapped(a: string, b: string): boolean {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

function contradiction(onlyAsked: readonly Term[], onlyLearned: readonly Term[]): number {
  const eachHasOne = (test: (term: Term) => boolean) => onlyAsked.some(test) && onlyLearned.some(test);
  let left = 1;
  if (eachHasOne(({ numeric }) => numeric)) left *= OTHER_NUMBER;
  else if (eachHasOne(isContent) && [...onlyAsked, ...onlyLearned].some(isName)) left *= OTHER_NAME;
  if (eachHasOne(({ wordClass }) => wordClass === 'question')) left *= OTHER_QUESTION;
  if (onlyAsked.some((a) => onlyLearned.some((b) => areOpposite(a.stem, b.stem)))) left *= OPPOSITE;
  return left;
}

function isTelling({ wordClass }: Term): boolean {
  return wordClass === 'content' || wordClass === 'common';
}

function isContent({ wordClass }: Term): boolean {
  return wordClass === 'content';
}

function isWordOfContent(term: Term): boolean {
  return isContent(term) && !term.numeric;
}

function isName(term: Term): boolean {
  return term.name && isContent(term);
}

function sum(terms: readonly Term[], weightOf: (term: Term) => number): number {
  return terms.reduce((total, term) => total + weightOf(term), 0);
}
