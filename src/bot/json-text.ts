import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { type InWords, Refusal } from '../domain/refusal.ts';

/** What a person wrote as JSON. @throws Refusal with the place of the first error */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const problem = firstError(text);
    throw new Refusal((words) => words.lines.notJson(problem(words)));
  }
}

/** JSON.parse does not always say where. */
function firstError(text: string): InWords {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return ({ lines }) => lines.jsonTooDeep;
  }
  const [first] = errors;
  if (first === undefined) return ({ lines }) => lines.jsonUnreadable;
  const before = text.slice(0, first.offset).split('\n');
  const code = printParseErrorCode(first.error);
  const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
  return ({ lines }) => lines.jsonProblem({ code, line, column });
}
