import { isUtf8 } from 'node:buffer';
import { jsonVerifier } from 'stream-json/utils/verifier.js';
import type { Words } from '../../../domain/languages/languages.ts';
import type { InWords } from '../../../domain/refusal.ts';

/** Lines and columns count from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type ParsedJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unusable'; readonly reason: InWords }
  | ({ readonly kind: 'malformed'; readonly reason: InWords } & Place);

/** JSON.parse of a few megabytes of nothing but brackets takes hundreds of them. */
const MAX_VALUES = 50_000;
const ALWAYS_SMALL_BYTES = 262_144;

/** JSON from bytes that people gave. The place of what is malformed is within them. */
export function parseJson(bytes: Buffer): ParsedJson {
  const unusable = unusableText(bytes);
  if (unusable !== undefined) return { kind: 'unusable', reason: unusable };
  if (bytes.length > ALWAYS_SMALL_BYTES && countValues(bytes) > MAX_VALUES) {
    return { kind: 'unusable', reason: ({ examples }) => examples.tooManyValues(MAX_VALUES) };
  }
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return { kind: 'value', value };
  } catch {
    return { kind: 'malformed', ...whereMalformed(text) };
  }
}

/** Why bytes cannot be taken as text. */
export function unusableText(bytes: Buffer): InWords | undefined {
  if (bytes.includes(0)) return ({ examples }) => examples.nulByte;
  if (isUtf8(bytes)) return undefined;
  const before = bytes.toString('utf8').split('\u{fffd}', 1).join();
  const { column } = placeIn(before);
  return ({ examples }) => examples.notUtf8(column);
}

/** At least as many as there are: what stands outside of strings between commas and brackets. */
function countValues(bytes: Buffer): number {
  let count = 1;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (inString) {
      if (byte === 0x5c) index++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) {
      inString = true;
    } else if (byte === 0x2c || byte === 0x5b || byte === 0x7b) {
      count++;
    }
  }
  return count;
}

/** Longer than what the verifier wants to see before it judges, and allowed after every value. */
const PADDING = '\n'.repeat(64);

function whereMalformed(text: string): Place & { readonly reason: InWords } {
  const length = text.trimEnd().length;
  try {
    jsonVerifier()(text + PADDING);
  } catch (error) {
    if (error instanceof Error && 'offset' in error && Number(error.offset) < length) {
      const place = placeIn(text.slice(0, Number(error.offset)));
      return { ...place, reason: expectation(error.message) };
    }
  }
  return { ...placeIn(text.slice(0, length)), reason: ({ examples }) => examples.json.endsEarly };
}

/** What the verifier can say that it expected, beside single signs. */
const EXPECTED = new Map<string, keyof Words['examples']['json']['expected']>([
  ['a value', 'value'],
  ['a string value', 'text'],
  ['an object key', 'key'],
  ['a starting digit', 'firstDigit'],
  ['a digit', 'digit'],
  ['a fractional part of a number', 'fraction'],
  ['an exponent part of a number', 'exponent'],
  ['an exponent value of a number', 'exponentValue'],
]);

/** What the verifier says in English, in any language. */
function expectation(message: string): InWords {
  if (message.includes('escaped')) return ({ examples }) => examples.json.unescaped;
  const token = /unexpected token '(.)'$/.exec(message)?.[1];
  if (token !== undefined) return ({ examples }) => examples.json.unexpectedToken(token);
  const sign = /expected '(.)'$/.exec(message)?.[1];
  if (sign !== undefined) return ({ examples }) => examples.json.expectedSign(sign);
  const part = EXPECTED.get(/expected (.*)$/.exec(message)?.[1] ?? '');
  return ({ examples }) => (part === undefined ? examples.json.unexpected : examples.json.expected[part]);
}

/** The place after a text. */
function placeIn(before: string): Place {
  let line = 1;
  let column = 1;
  for (let index = 0; index < before.length; index++) {
    const unit = before.charCodeAt(index);
    if (unit === 0x0a) {
      line++;
      column = 1;
    } else if ((unit & 0xfc00) !== 0xdc00) {
      column++;
    }
  }
  return { line, column };
}
