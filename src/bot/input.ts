import { Refusal } from '../domain/refusal.ts';

/** Where an option is looked for: by its place, by its name only, or as all that is left of the line. */
export type Placement = 'positional' | 'named' | 'rest';

export interface OptionPlace {
  readonly name: string;
  readonly placement: Placement;
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
 * option of the `rest` kind takes what is left as it stands.
 * @throws Refusal where a quote is not closed or a word belongs nowhere
 */
export function splitOptions(line: string, places: readonly OptionPlace[]): Record<string, string> {
  const options: Record<string, string> = {};
  const cursor = new Cursor(line);
  for (cursor.skipSpace(); !cursor.atEnd; cursor.skipSpace()) {
    const named = cursor.takeName(places);
    if (named !== undefined) {
      if (named in options) throw new Refusal(`The option ${named} is given twice; give it once.`);
      options[named] = cursor.takeValue();
      continue;
    }
    const place = places.find(({ name, placement }) => placement !== 'named' && !(name in options));
    if (place === undefined) {
      throw new Refusal(`“${cursor.peekWord()}” is one word too many; put text with spaces in quotes.`);
    }
    options[place.name] = place.placement === 'rest' ? cursor.takeRest() : cursor.takeValue();
  }
  return options;
}

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
    return /^\S{1,40}/.exec(this.#line.slice(this.#at, this.#at + 40))?.[0] ?? '';
  }

  takeName(places: readonly OptionPlace[]): string | undefined {
    const [whole, name] = /^([a-z_]{1,32})=/i.exec(this.#line.slice(this.#at, this.#at + 33)) ?? [];
    if (whole === undefined || name === undefined) return undefined;
    if (!places.some((place) => place.name === name.toLowerCase())) return undefined;
    this.#at += whole.length;
    return name.toLowerCase();
  }

  takeValue(): string {
    const first = this.#current;
    if (first === '"' || first === "'") return this.#takeQuoted(first);
    if (first in CLOSING) return this.#takeBracketed();
    const start = this.#at;
    while (!this.atEnd && !isSpace(this.#current)) this.#at++;
    return this.#line.slice(start, this.#at);
  }

  /** Quotes around the whole of the rest are taken off, as they are around any other value. */
  takeRest(): string {
    const rest = this.#line.slice(this.#at).trimEnd();
    this.#at = this.#line.length;
    const quote = rest.charAt(0);
    if (rest.length < 2 || (quote !== '"' && quote !== "'") || !rest.endsWith(quote)) return rest;
    const inner = rest.slice(1, -1);
    return inner.replaceAll(`\\${quote}`, '').includes(quote) ? rest : unescapeQuotes(inner, quote);
  }

  get #current(): string {
    return this.#line.charAt(this.#at);
  }

  #takeQuoted(quote: string): string {
    const start = this.#at;
    for (this.#at++; this.#current !== quote; this.#at++) {
      if (this.atEnd) {
        throw new Refusal(
          `The quote that opens at “${this.#line.slice(start, start + 20)}” is not closed; close it.`,
        );
      }
      if (this.#current === '\\') this.#at++;
    }
    this.#at++;
    return unescapeQuotes(this.#line.slice(start + 1, this.#at - 1), quote);
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

function unescapeQuotes(text: string, quote: string): string {
  return text.replaceAll(`\\${quote}`, quote);
}

function isSpace(character: string): boolean {
  return /\s/.test(character);
}
