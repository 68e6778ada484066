import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from '../../src/bot/json-text.ts';
import { Refusal } from '../../src/domain/refusal.ts';

function parse(text: string): unknown {
  try {
    return { value: parseJsonText(text) };
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

describe('what a person wrote as JSON', () => {
  it.each([
    ['', 'value expected at line 1, column 1'],
    ['{"a": 1,}', 'property name expected at line 1, column 9'],
    ['[1,\n 2,\n x]', 'invalid symbol at line 3, column 2'],
    ['[1,\r\n 2 3]', 'comma expected at line 2, column 4'],
    ["{'a': 1}", 'invalid symbol at line 1, column 2'],
    ['{“a”: 1}', 'invalid symbol at line 1, column 2'],
    ['{"a" 1}', 'colon expected at line 1, column 6'],
    ['["مرحبا" x]', 'invalid symbol at line 1, column 10'],
    ['"abc', 'unexpected end of string at line 1, column 1'],
    ['// no\n1', 'invalid comment token at line 1, column 1'],
    ['{} {}', 'end of file expected at line 1, column 4'],
    ['\ufeff{}', 'invalid symbol at line 1, column 1'],
    ['['.repeat(100_000), 'it is nested too deeply'],
  ])('is refused with the place of the first error (%#)', (text, error) => {
    expect(parse(text)).toBe(`That is not valid JSON: ${error}; mend it and send it again.`);
  });

  it('is what JSON says it is, also where the names are those of JavaScript', () => {
    const text = '{"__proto__": {"prompt": "x"}, "constructor": null, "a": 1, "a": [2.50, "\\u00e9"]}';
    expect(parse(text)).toEqual({ value: JSON.parse(text) });
    expect(Object.keys(Object(parseJsonText(text)))).toEqual(['__proto__', 'constructor', 'a']);
  });

  it('is read or refused with a place, whatever was written', () => {
    const nearly = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ' ', '"', '\\', ',', '}', ']', '0', '\n', '\t', '\ud83d'),
      )
      .map(([json, at, sign]) => {
        const place = at % (json.length + 1);
        return json.slice(0, place) + sign + json.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly, nearly), (text) => {
        let expected: unknown = expect.stringMatching(
          /^That is not valid JSON: .+ at line \d+, column \d+; mend/,
        );
        try {
          expected = { value: JSON.parse(text) };
        } catch {}
        expect(parse(text)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });
});
