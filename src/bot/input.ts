import { Refusal } from '../domain/refusal.ts';
import { excerpt } from './words.ts';

/** Where an option is looked for: by its place, by its name only, or as all that is left of the line. */
export type Placement = 'positional' | 'named' | 'rest';

export interface OptionPlace {
  readonly name: string;
  readonly placement: Placement;
  /** What else it is called. */
  readonly aliases?: readonly string[];
}

/** The command's name and what follows it, or nothing where the text is not a command. */
export function splitCommand(text: string, prefix: string): { name: string; rest: string } | undefined {
  const line = text.trimStart();
  if (!line.startsWith(prefix)) return undefined;
  const [, name = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(line.slice(prefix.length)) ?? [];
  return { name: name.toLowerCase(), rest };
}

/**
 * The options of a line: `name=value` for every declared name, the others by their place. A value in single or
 * double quotes may hold white space, one that starts with a bracket ends with its partner, and the last
 * option of the `rest` kind takes what is left as it stands. Within quotes a backslash is one like any other,
 * but before the quote: `\"` is a quote and `\\"` a backslash at the end.
 * @throws Refusal where a quote is not closed or a word belongs nowhere
 */
export function splitOptions(line: string, places: readonly OptionPlace[]): Record<string, string> {
  const options: Record<string, string> = {};
  const cursor = new Cursor(line);
  for (cursor.skipSpace(); !cursor.atEnd; cursor.skipSpace()) {
    const named = cursor.takeName(places);
    if (named !== undefined) {
      const { name, written } = named;
      if (name in options) throw new Refusal((words) => words.lines.optionTwice(written));
      options[name] = cursor.takeValue();
      continue;
    }
    const place = places.find(({ name, placement }) => placement !== 'named' && !(name in options));
    if (place === undefined) {
      const word = excerpt(cursor.peekWord(), 40);
      throw new Refusal(({ lines }) =>
        OPTION.test(word) ? lines.noOptionLike(word) : lines.oneWordTooMany(word),
      );
    }
    options[place.name] = place.placement === 'rest' ? cursor.takeRest() : cursor.takeValue();
  }
  return options;
}

/** How a text is written as the last option of a line: in quotes where it would be read as something else. */
export function writeRest(text: string): string {
  if (!/^["'\s]|\s$/.test(text) && !OPTION.test(text)) return text;
  const escaped = text.replace(
    /(\\*)("|$)/g,
    (_, backslashes: string, end: string) => backslashes.repeat(2) + (end === '' ? '' : `\\${end}`),
  );
  return `"${escaped}"`;
}

/** The name of an option and the sign after it. */
const OPTION = /^([\p{L}_]+)=/u;
const MAX_NAME = 32;

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

class Cursor {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  get atEnd(): boolean {
    return this.#at >= this.#line.length;
  }

  skipSpace(): void {
    while (!this.atEnd && isSpace(this.#current)) this.#at++;
  }

  peekWord(): string {
    return /^\S*/.exec(this.#line.slice(this.#at))?.[0] ?? '';
  }

  takeName(places: readonly OptionPlace[]): { name: string; written: string } | undefined {
    const [whole, given] = OPTION.exec(this.#line.slice(this.#at, this.#at + MAX_NAME + 1)) ?? [];
    if (whole === undefined || given === undefined) return undefined;
    const written = given.toLowerCase();
    const place = places.find(({ name, aliases }) => name === written || aliases?.includes(written));
    if (place === undefined) return undefined;
    this.#at += whole.length;
    return { name: place.name, written };
  }

  takeValue(): string {
    const first = this.#current;
    if (isQuote(first)) return this.#takeQuoted();
    if (first in CLOSING) return this.#takeBracketed();
    const start = this.#at;
    while (!this.atEnd && !isSpace(this.#current)) this.#at++;
    return this.#line.slice(start, this.#at);
  }

  /** Quotes around the whole of the rest are taken off, as they are around any other value. */
  takeRest(): string {
    const rest = this.#line.slice(this.#at).trimEnd();
    this.#at = this.#line.length;
    const quoted = isQuote(rest.charAt(0)) && closingQuote(rest, 0) === rest.length - 1;
    return quoted ? unquote(rest) : rest;
  }

  get #current(): string {
    return this.#line.charAt(this.#at);
  }

  #takeQuoted(): string {
    const start = this.#at;
    const end = closingQuote(this.#line, start);
    if (end === undefined) {
      const opening = excerpt(this.#line.slice(start), 20);
      throw new Refusal((words) => words.lines.quoteNotClosed(opening));
    }
    this.#at = end + 1;
    return unquote(this.#line.slice(start, this.#at));
  }

  /** To the bracket that closes the first one; to the end where none does, for the JSON parser to complain of. */
  #takeBracketed(): string {
    const start = this.#at;
    const open: string[] = [];
    let inString = false;
    for (; !this.atEnd; this.#at++) {
      const character = this.#current;
      if (inString) {
        if (character === '\\') this.#at++;
        else if (character === '"') inString = false;
        continue;
      }
      const closing = CLOSING[character];
      if (character === '"') inString = true;
      else if (closing !== undefined) open.push(closing);
      else if (character === open.at(-1) && open.pop() !== undefined && open.length === 0) {
        this.#at++;
        break;
      }
    }
    return this.#line.slice(start, this.#at);
  }
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'";
}

/** The place of the quote that closes the one at `open`. */
function closingQuote(line: string, open: number): number | undefined {
  const quote = line.charAt(open);
  let escaped = false;
  for (let at = open + 1; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === quote && !escaped) return at;
    escaped = character === '\\' && !escaped;
  }
  return undefined;
}

/** Halves the backslashes before each quote of that kind and at the end, and takes the outer quotes off. */
function unquote(quoted: string): string {
  const escapes = quoted.startsWith('"') ? /(?<!\\)(\\+)("|$)/g : /(?<!\\)(\\+)('|$)/g;
  return quoted
    .slice(1, -1)
    .replace(
      escapes,
      (_, backslashes: string, end: string) => backslashes.slice(0, backslashes.length / 2) + end,
    );
}

function isSpace(character: string): boolean {
  return /\s/.test(character);
}
