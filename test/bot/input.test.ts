import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OptionPlace, splitCommand, splitOptions, writeRest } from '../../src/bot/input.ts';
import { Refusal } from '../../src/domain/refusal.ts';

/** A command with options of every kind, as !correct and !train have them. */
const places: readonly OptionPlace[] = [
  { name: 'answer', placement: 'positional' },
  { name: 'other', placement: 'positional' },
  { name: 'data', placement: 'named' },
  { name: 'skip_invalid', placement: 'named' },
  { name: 'text', placement: 'rest' },
];
const withoutRest = places.slice(0, -1);
const onlyRest = places.slice(-1);

/** Any text of the kind that trips over quotes, brackets, white space and signs. */
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '\\',
      ' ',
      '\n',
      '{',
      '}',
      '[',
      ']',
      '=',
      'a',
      'data=',
      'text=',
      '👩‍👩‍👧',
      '\ud83d',
      '\0',
    ),
  }),
);

function quoted(text: string, quote: string): string {
  const escaped = text.replace(
    quote === '"' ? /(\\*)("|$)/g : /(\\*)('|$)/g,
    (_, backslashes: string, end: string) => `${backslashes}${backslashes}${end === '' ? '' : `\\${end}`}`,
  );
  return `${quote}${escaped}${quote}`;
}

/** The options, or the sentence that says what was wrong. */
function split(line: string, of = places): Record<string, string> | string {
  try {
    return splitOptions(line, of);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

describe('a command', () => {
  it.each([
    ['!correct last At nine.', '!', { name: 'correct', rest: 'last At nine.' }],
    ['  \n!HELP  Train ', '!', { name: 'help', rest: 'Train ' }],
    ['!test\n[1,\n2]', '!', { name: 'test', rest: '[1,\n2]' }],
    ['!', '!', { name: '', rest: '' }],
    ['! hi', '!', { name: '', rest: 'hi' }],
    ['bot: hi', 'bot:', { name: '', rest: 'hi' }],
    ['.*hi', '.*', { name: 'hi', rest: '' }],
  ])('is what starts with the prefix: %j', (text, prefix, command) => {
    expect(splitCommand(text, prefix)).toEqual(command);
  });

  it.each(['hi', 'say !hi', '', '\u00a1hi', '\uff01hi'])('is nothing else: %j', (text) => {
    expect(splitCommand(text, '!')).toBeUndefined();
  });
});

describe('the options of a line', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    [' \t\n ', {}],
    ['one', { answer: 'one' }],
    ['one two', { answer: 'one', other: 'two' }],
    ['one two  three\tfour ', { answer: 'one', other: 'two', text: 'three\tfour' }],
    ['data=x one', { data: 'x', answer: 'one' }],
    ['one data=x two', { answer: 'one', data: 'x', other: 'two' }],
    ['one SKIP_Invalid=Yes', { answer: 'one', skip_invalid: 'Yes' }],
    ['other=2 1 three', { other: '2', answer: '1', text: 'three' }],
    ['text="a b" 1', { text: 'a b', answer: '1' }],
    ['data=', { data: '' }],
    ['data= one', { data: '', answer: 'one' }],
    ['data=""', { data: '' }],
    ['unknown=1 a=b=c', { answer: 'unknown=1', other: 'a=b=c' }],
    ['"one two" \'three "four"\'', { answer: 'one two', other: 'three "four"' }],
    ['"a \\"b\\" c"', { answer: 'a "b" c' }],
    ['data="it\'s"', { data: "it's" }],
    ["data='C:\\new\\'s dir\\\\'", { data: "C:\\new's dir\\" }],
    [
      'data={"prompt": "a } b", "n": [1, {"x": "\\"}"}]} one',
      { data: '{"prompt": "a } b", "n": [1, {"x": "\\"}"}]}', answer: 'one' },
    ],
    ['data=[ {"a": 1}\n, {} ] one', { data: '[ {"a": 1}\n, {} ]', answer: 'one' }],
    ['data={"never": closed one', { data: '{"never": closed one' }],
    ['"data=x"', { answer: 'data=x' }],
  ])('of %j', (line, options) => {
    expect(splitOptions(line, places)).toEqual(options);
  });

  it('are known by their other names, too', () => {
    const aliased = places.map((place) =>
      place.name === 'data' ? { ...place, aliases: ['data', 'данные'] } : place,
    );
    expect(split('один ДАННЫЕ=x два', aliased)).toEqual({ answer: 'один', data: 'x', other: 'два' });
    expect(split('данные=1 data=2', aliased)).toMatch('The option data is given twice');
    expect(split('data=1 данные=2', aliased)).toMatch('The option данные is given twice');
    expect(split('один два данное=1', aliased)).toEqual({ answer: 'один', other: 'два', text: 'данное=1' });
  });

  it.each(['ответ=Рим', 'text=a', ' a', '"a"'])('keep what is written for the rest: %j', (text) => {
    expect(splitOptions(writeRest(text), onlyRest)).toEqual({ text });
    expect(writeRest(text)).not.toBe(text);
  });

  it.each([
    ['the rest is kept to the letter', 'say "hi" to data=x, \\" [and\n  {it\'s}'],
    ['a quote at both ends belongs to the text where there are more', '"a" and "b"'],
    ['a quote that is not closed belongs to the text', '"a'],
    ['one quote', '"'],
    ['an escaped quote closes nothing', '"a\\"'],
    ['an apostrophe', "'tis so"],
  ])('%s: %j', (_, text) => {
    expect(splitOptions(`one two ${text}`, places)).toEqual({ answer: 'one', other: 'two', text });
  });

  it('loses the quotes that stand around the whole rest', () => {
    const { text } = splitOptions('one two  "  He said \\"hi\\".  " ', places);
    expect(text).toBe('  He said "hi".  ');
  });

  it.each([
    ['one two three', withoutRest, '“three” is one word too many; put text with spaces in quotes.'],
    [
      `a b ${'👍'.repeat(60)}`,
      withoutRest,
      `“${'👍'.repeat(40)}…” is one word too many; put text with spaces in quotes.`,
    ],
    [
      'data=1 DATA=2',
      places,
      'The option data is given twice; give it once, or put text that looks like one in quotes.',
    ],
    [
      'one answer=two',
      places,
      'The option answer is given twice; give it once, or put text that looks like one in quotes.',
    ],
    ['data="a b', places, 'The quote that opens at “"a b” is not closed; close it.'],
    ["'a\\'", places, "The quote that opens at “'a\\'” is not closed; close it."],
    [`"${'x'.repeat(100)}`, places, `The quote that opens at “"${'x'.repeat(19)}…” is not closed; close it.`],
  ])('are refused with a sentence (%#)', (line, of, sentence) => {
    expect(split(line, of)).toBe(sentence);
  });

  it('are split or refused with a sentence that can be shown, whatever was written', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom(places, withoutRest, onlyRest, []), (line, of) => {
        const options = split(line, of);
        if (typeof options === 'string') expect(options.isWellFormed() || !line.isWellFormed()).toBe(true);
        else expect(Object.values(options).join('').length).toBeLessThanOrEqual(line.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('come back out of quotes as they went in, wherever they stand', () => {
    const order = fc.shuffledSubarray([...places], { minLength: places.length });
    const quote = fc.constantFrom('"', "'");
    fc.assert(
      fc.property(
        order,
        fc.array(anything, { minLength: 5, maxLength: 5 }),
        quote,
        (shuffled, values, by) => {
          const pairs = shuffled.map(({ name }, index) => [name, values[index] ?? ''] as const);
          const line = pairs.map(([name, value]) => `${name}=${quoted(value, by)}`).join(' ');
          expect(splitOptions(line, places)).toEqual(Object.fromEntries(pairs));
        },
      ),
    );
  });

  it('come back out of quotes by their places, too, with names among them', () => {
    fc.assert(
      fc.property(anything, anything, anything, anything, (answer, other, data, text) => {
        const [a, b, c, d] = [answer, other, data, text].map((value) => quoted(value, '"'));
        expect(splitOptions(`${a} data=${c} ${b} ${d}`, places)).toEqual({ answer, other, data, text });
      }),
    );
  });

  it('take JSON as it stands, with its spaces and brackets', () => {
    const compound = fc
      .oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()))
      .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 2)));
    fc.assert(
      fc.property(compound, (json) => {
        expect(splitOptions(`one data=${json} two`, places)).toEqual({
          answer: 'one',
          data: json,
          other: 'two',
        });
        expect(splitOptions(`${json} ${json}`, places)).toEqual({ answer: json, other: json });
        expect(splitOptions(json, onlyRest)).toEqual({ text: json });
      }),
    );
  });

  it('keep the rest to the letter but for white space around it', () => {
    const free = anything
      .map((text) => text.trim())
      .filter((text) => text !== '' && !/^(text=|["'])/i.test(text));
    fc.assert(
      fc.property(free, (text) => {
        expect(splitOptions(`  ${text}\n`, onlyRest)).toEqual({ text });
      }),
    );
  });

  it.each([
    { line: '\\'.repeat(2 ** 20), gives: { data: expect.any(String) } },
    { line: '['.repeat(2 ** 20), gives: { data: expect.any(String) } },
    { line: ' '.repeat(2 ** 20), gives: { data: '' } },
    { line: `"${'\\'.repeat(2 ** 20)}`, gives: expect.stringMatching(/is not closed/) },
    { line: `"${'\\\\'.repeat(2 ** 19)}"`, gives: { data: '\\'.repeat(2 ** 19) } },
    { line: '"a" '.repeat(2 ** 18), gives: expect.stringMatching(/one word too many/) },
  ])('are split without a fault, were they a mebibyte long (%#)', ({ line, gives }) => {
    expect(split(`data=${line}`, withoutRest)).toEqual(gives);
  });
});
