import { distance } from 'fastest-levenshtein';
import MiniSearch, { type Query } from 'minisearch';
import { analyse, foldText, type Term } from './analysis.ts';
import { EmbeddedFault } from './embedded-fault.ts';
import { similarity, typosTaken, type Vocabulary } from './similarity.ts';
import { synonymsOf } from './synonyms.ts';

export interface Near {
  /** Of the question, among those that the lookup was made of. */
  readonly index: number;
  /** From 0 to 1. */
  readonly similarity: number;
}

/** How many of the questions that the search finds are compared in full. */
const MAX_COMPARED = 60;
/** Each different word takes most of a kilobyte in the search index. */
const MAX_DIFFERENT_WORDS = 1_000_000;
/** What a search may cost, however long the question: words, guesses at mistyped words, and finds. */
const MAX_WORDS = 32;
const MAX_MISTYPED = 8;
const MAX_FOUND = 20_000;
/** Ties are settled by the spelling of the beginning. */
const MAX_SPELLED = 300;

/** Finds the learned questions that have most in common with another one. */
export class NearestLookup {
  readonly #questions: readonly string[];
  readonly #search: MiniSearch;
  readonly #vocabulary: Vocabulary;

  /**
   * @param questions from the oldest to the newest
   * @throws EmbeddedFault where their words are too many to be searched
   */
  constructor(questions: readonly string[]) {
    this.#questions = questions;
    const frequencies = new Map<string, number>();
    this.#vocabulary = {
      prompts: questions.length,
      frequency: (stem) => frequencies.get(stem) ?? 0,
    };
    this.#search = new MiniSearch({
      fields: ['words'],
      // The words are stems already, separated by spaces.
      tokenize: (words) => words.split(' '),
      processTerm: (word) => word,
    });
    for (const [id, question] of questions.entries()) {
      const terms = analyse(question);
      for (const { stem } of terms) frequencies.set(stem, (frequencies.get(stem) ?? 0) + 1);
      if (frequencies.size > MAX_DIFFERENT_WORDS) {
        throw new EmbeddedFault({ kind: 'tooManyWords', most: MAX_DIFFERENT_WORDS });
      }
      const stems = searchable(terms).map(({ stem }) => stem);
      if (stems.length > 0) this.#search.add({ id, words: stems.join(' ') });
    }
  }

  /** The nearest ones first; of equally near ones the one spelled most alike, then the newest. */
  find(question: string, nearEnough: number): Near[] {
    const asked = analyse(question);
    if (asked.length === 0) return [];
    const near = this.#candidates(asked)
      .map((index) => ({ index, similarity: this.#similarity(asked, index) }))
      .filter((candidate) => candidate.similarity >= nearEnough);
    const spelling = foldText(question.slice(0, MAX_SPELLED));
    const misspelled = ({ index }: Near) => distance(spelling, this.#spelling(index));
    return near.sort(
      (a, b) => b.similarity - a.similarity || misspelled(a) - misspelled(b) || b.index - a.index,
    );
  }

  #similarity(asked: readonly Term[], index: number): number {
    return similarity(asked, analyse(this.#questions[index] ?? ''), this.#vocabulary);
  }

  #spelling(index: number): string {
    return foldText((this.#questions[index] ?? '').slice(0, MAX_SPELLED));
  }

  #candidates(asked: readonly Term[]): number[] {
    const queries = this.#queries(asked);
    if (queries.length === 0) return [];
    const found = this.#search.search({ combineWith: 'OR', queries });
    return found.slice(0, MAX_COMPARED).map(({ id }) => Number(id));
  }

  /** The rarest words first, until what they would find gets too much. */
  #queries(asked: readonly Term[]): Query[] {
    const frequency = ({ stem }: Term) => this.#vocabulary.frequency(stem);
    const queries: Query[] = [];
    let mistyped = 0;
    let found = 0;
    const rarestFirst = searchable(asked).toSorted((a, b) => frequency(a) - frequency(b));
    for (const term of rarestFirst.slice(0, MAX_WORDS)) {
      if (found > MAX_FOUND) break;
      found += frequency(term);
      if (frequency(term) > 0) queries.push(term.stem);
      else if (mistyped++ < MAX_MISTYPED) queries.push(...guesses(term));
      for (const stem of synonymsOf(term.stem)) {
        if (stem === term.stem || this.#vocabulary.frequency(stem) === 0) continue;
        queries.push(stem);
        found += this.#vocabulary.frequency(stem);
      }
    }
    return queries;
  }
}

/** The words by which a question is found: those that say what it is about, or all where none does. */
function searchable(terms: readonly Term[]): readonly Term[] {
  const telling = terms.filter(({ wordClass }) => wordClass === 'content');
  return telling.length > 0 ? telling : terms;
}

/** For a word that no prompt has: words with other letters in it, and words that begin alike. */
function guesses({ stem }: Term): Query[] {
  const typos = typosTaken(stem);
  if (typos === 0) return [];
  const beginning = stem.slice(0, Math.max(4, Math.ceil(stem.length * 0.6)));
  return [
    // One more than is taken, since two letters that changed places count twice here.
    { queries: [stem], fuzzy: Math.min(typos + 1, 2) },
    { queries: [beginning], prefix: true },
  ];
}
