import { stripVTControlCharacters } from 'node:util';

const MAX_LINES = 40;
const MAX_WORDS = 6;
const MAX_LINE = 300;
const BAR = /\d{1,3}%\|/;

/** The last lines that a program wrote, without progress bars and empty ones. */
export class LastLines {
  readonly #lines: string[] = [];

  take(line: string): void {
    const text = stripVTControlCharacters(line)
      .replace(/\p{Cc}+/gu, ' ')
      .trim();
    if (text === '' || BAR.test(text)) return;
    this.#lines.push(text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** As many as fit into a sentence. */
  get words(): readonly string[] {
    return this.#lines.slice(-MAX_WORDS);
  }

  /** All that are kept. */
  get text(): string {
    return this.#lines.join('\n');
  }
}
