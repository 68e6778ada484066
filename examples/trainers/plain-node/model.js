/** A linear scorer of known answers: each word of a question speaks for or against each answer. */
export class Model {
  constructor({ answers = [], weights = {} } = {}) {
    this.answers = answers;
    this.weights = weights;
    this.indexes = new Map(answers.map((answer, index) => [answer, index]));
  }

  /** The number of an answer, which is learned where it is new. */
  indexOf(answer) {
    const known = this.indexes.get(answer);
    if (known !== undefined) return known;
    this.indexes.set(answer, this.answers.length);
    return this.answers.push(answer) - 1;
  }

  score(words, index) {
    return words.reduce((sum, word) => sum + (this.weights[word]?.[index] ?? 0), 0);
  }

  /** The chance of each answer. */
  chances(words) {
    const scores = this.answers.map((_, index) => this.score(words, index));
    const highest = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - highest));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => share / sum);
  }

  move(words, index, by) {
    for (const word of words) {
      this.weights[word] ??= {};
      this.weights[word][index] = (this.weights[word][index] ?? 0) + by / words.length;
    }
  }

  answer(question) {
    const chances = this.chances(wordsOf(question));
    return this.answers[chances.indexOf(Math.max(...chances))];
  }
}

/** The words of a text, each once, and one that every text has. */
export function wordsOf(text) {
  return [...new Set(['', ...(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])])];
}
