import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { Refusal } from '../domain/refusal.ts';

/** What a person wrote as JSON. @throws Refusal with the place of the first error */
export function parseJsonText(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first === undefined) return value;
  const before = text.slice(0, first.offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  const what = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  throw new Refusal(`That is not valid JSON: ${what} at ${place}; mend it and send it again.`);
}
