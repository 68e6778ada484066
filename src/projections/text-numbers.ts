import type { Statements } from './statements.ts';
import type { TextRow } from './tables.ts';

/** So many are kept in memory, so that those of most events need not be looked for in the table. */
const REMEMBERED = 10_000;

/** The numbers of texts that are repeated in event after event, given out in the order of their first appearance. */
export class TextNumbers {
  readonly #find: (values: Pick<TextRow, 'text'>) => { readonly number: number } | undefined;
  readonly #add: (values: Pick<TextRow, 'text'>) => number;
  readonly #known = new Map<string, number>();

  constructor(statements: Statements) {
    this.#find = statements.find((query, { text }) =>
      query.selectFrom('texts').select('number').where('text', '=', text),
    );
    this.#add = statements.change((query, { text }) => query.insertInto('texts').values({ text }));
  }

  numberOf(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const number = this.#find({ text })?.number ?? this.#addNew(text);
    if (this.#known.size === REMEMBERED) this.#known.clear();
    this.#known.set(text, number);
    return number;
  }

  #addNew(text: string): number {
    this.#add({ text });
    const added = this.#find({ text });
    if (added === undefined) throw new Error(`the text ${text} could not be kept`);
    return added.number;
  }
}
