import type { ReadExample } from '../../../domain/ports.ts';
import type { InWords } from '../../../domain/refusal.ts';
import { isSpace } from './blank.ts';
import type { ExampleFormat } from './example-format.ts';
import { GatheredBytes, tooLong } from './gathered-bytes.ts';
import { exampleFromJson } from './json-example.ts';
import { type Place, parseJson } from './json-text.ts';

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * One JSON array of examples, numbered from 1. Each element is cut out and parsed by itself, so that memory is
 * bounded by the longest one, and that a place can be named. What follows something malformed is not read.
 */
export class JsonArray implements ExampleFormat {
  readonly #gathered = new GatheredBytes();
  #element = 1;
  /** Of the byte that is looked at. */
  #line: number;
  #column = 0;
  /** Where the element begins, once it has. */
  #start: Place | null = null;
  /** Of brackets: 1 between the elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isClosed = false;
  #isMalformed = false;

  /** @param firstLine the number of the line that the first bytes are on */
  constructor(firstLine: number) {
    this.#line = firstLine;
  }

  get ended(): boolean {
    return this.#isMalformed;
  }

  *take(piece: Buffer): Generator<ReadExample> {
    let from = 0;
    for (let index = 0; index < piece.length && !this.#isMalformed; index++) {
      switch (this.#see(piece[index] ?? 0)) {
        case 'nothing':
          break;
        case 'element begins':
          from = index;
          break;
        case 'element ends':
          if (this.#start !== null) this.#gathered.add(piece.subarray(from, index));
          yield* this.#endElement();
          break;
        case 'surplus':
          yield this.#malformed(this.#isClosed ? afterArray : unexpectedBrace, this.#here());
      }
    }
    if (this.#start !== null) this.#gathered.add(piece.subarray(from));
  }

  *end(): Generator<ReadExample> {
    if (this.#isClosed || this.#isMalformed) return;
    const start = this.#start;
    const unfinished = start === null ? null : this.#gathered.take();
    const json = unfinished === null ? undefined : parseJson(unfinished);
    yield start !== null && json?.kind === 'malformed'
      ? this.#malformed(json.reason, within(start, json))
      : this.#malformed(({ examples }) => examples.json.arrayEndsEarly, {
          line: this.#line,
          column: this.#column + 1,
        });
  }

  #see(byte: number): 'nothing' | 'element begins' | 'element ends' | 'surplus' {
    this.#move(byte);
    if (this.#inString) {
      this.#readString(byte);
      return 'nothing';
    }
    if (isSpace(byte)) return 'nothing';
    if (this.#isClosed || (this.#depth === 1 && byte === CLOSING_BRACE)) return 'surplus';
    const endsElement = this.#depth === 1 && (byte === COMMA || byte === CLOSING_BRACKET);
    if (endsElement) {
      this.#isClosed = byte === CLOSING_BRACKET;
      return 'element ends';
    }
    const beginsElement = this.#depth === 1 && this.#start === null;
    if (beginsElement) this.#start = this.#here();
    this.#readOutsideStrings(byte);
    return beginsElement ? 'element begins' : 'nothing';
  }

  #move(byte: number): void {
    if (byte === LINE_FEED) {
      this.#line++;
      this.#column = 0;
    } else if ((byte & 0xc0) !== 0x80) {
      this.#column++;
    }
  }

  #here(): Place {
    return { line: this.#line, column: this.#column };
  }

  #readString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #readOutsideStrings(byte: number): void {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) this.#depth++;
    else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) this.#depth--;
  }

  *#endElement(): Generator<ReadExample> {
    const start = this.#start;
    const bytes = this.#gathered.take();
    this.#start = null;
    if (start === null) {
      const isEmptyArray = this.#isClosed && this.#element === 1;
      if (!isEmptyArray) yield this.#malformed(noElement, this.#here());
      return;
    }
    yield bytes === null ? this.#bad(start, tooLong) : this.#readElement(bytes, start);
    this.#element++;
  }

  #readElement(bytes: Buffer, start: Place): ReadExample {
    const json = parseJson(bytes);
    switch (json.kind) {
      case 'malformed':
        return this.#malformed(json.reason, within(start, json));
      case 'unusable':
        return this.#bad(start, json.reason);
      case 'value': {
        const outcome = exampleFromJson(json.value);
        return 'reason' in outcome
          ? this.#bad(start, outcome.reason)
          : { line: this.#element, example: outcome.example };
      }
    }
  }

  #bad(start: Place, reason: InWords): ReadExample {
    return { line: this.#element, reason: inElement(this.#element, start.line, reason) };
  }

  #malformed(reason: InWords, place: Place): ReadExample {
    this.#isMalformed = true;
    return { line: this.#element, reason: malformedAt(place, reason) };
  }
}

const afterArray: InWords = ({ examples }) => examples.json.afterArray;
const unexpectedBrace: InWords = ({ examples }) => examples.json.unexpectedSign('}');
const noElement: InWords = ({ examples }) => examples.json.noElement;

function inElement(element: number, line: number, reason: InWords): InWords {
  return (words) => words.examples.element({ element, line, what: reason(words) });
}

function malformedAt({ line, column }: Place, reason: InWords): InWords {
  return (words) => words.examples.json.inArray({ line, column, what: reason(words) });
}

/** A place in an element as a place in the file. */
function within(start: Place, { line, column }: Place): Place {
  return { line: start.line + line - 1, column: line === 1 ? start.column + column - 1 : column };
}
