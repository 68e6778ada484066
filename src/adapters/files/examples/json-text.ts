import { isUtf8 } from 'node:buffer';
import { jsonVerifier } from 'stream-json/utils/verifier.js';

/** Lines and columns count from 1, columns in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type ParsedJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unusable'; readonly reason: string }
  | ({ readonly kind: 'malformed'; readonly reason: string } & Place);

/** JSON.parse of a few megabytes of nothing but brackets takes hundreds of them. */
const MAX_VALUES = 50_000;
const ALWAYS_SMALL_BYTES = 262_144;

/** JSON from bytes that people gave. The place of what is malformed is within them. */
export function parseJson(bytes: Buffer): ParsedJson {
  const unusable = unusableText(bytes);
  if (unusable !== undefined) return { kind: 'unusable', reason: unusable };
  if (bytes.length > ALWAYS_SMALL_BYTES && countValues(bytes) > MAX_VALUES) {
    return { kind: 'unusable', reason: `it holds more than ${MAX_VALUES} JSON values` };
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
export function unusableText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return 'it holds a NUL byte; save the file as UTF-8 text';
  if (isUtf8(bytes)) return undefined;
  const before = bytes.toString('utf8').split('\u{fffd}', 1).join();
  return `it is not valid UTF-8 at column ${placeIn(before).column}; save the file as UTF-8`;
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

function whereMalformed(text: string): Place & { readonly reason: string } {
  const length = text.trimEnd().length;
  try {
    jsonVerifier()(text + PADDING);
  } catch (error) {
    if (error instanceof Error && 'offset' in error && Number(error.offset) < length) {
      const place = placeIn(text.slice(0, Number(error.offset)));
      return { ...place, reason: expectation(error.message) };
    }
  }
  return { ...placeIn(text.slice(0, length)), reason: 'it ends too early' };
}

function expectation(message: string): string {
  if (message.includes('escaped')) return 'a string holds a character that must be escaped';
  const [expected] = /(?:expected|unexpected) .*$/.exec(message) ?? [];
  return expected ?? 'unexpected characters';
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
