import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { Refusal } from '../domain/refusal.ts';

/** What a person wrote as JSON. @throws Refusal with the place of the first error */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(`That is not valid JSON: ${firstError(text)}; mend it and send it again.`);
  }
}

/** JSON.parse does not always say where. */
function firstError(text: string): string {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'it is nested too deeply';
  }
  const [first] = errors;
  if (first === undefined) return 'something in it cannot be read';
  const before = text.slice(0, first.offset).split('\n');
  const what = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return `${what} at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
