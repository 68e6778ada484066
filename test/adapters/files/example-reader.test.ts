import { describe, expect, test } from 'vitest';
import { createExampleReader } from '../../../src/adapters/files/example-reader.ts';
import { all, sourceOf } from './bytes.ts';
import { inLanguage, type Read } from './reasons.ts';

/** What is read, with its reasons in English. */
async function read(path: string, ...pieces: readonly (string | Uint8Array)[]): Promise<Read[]> {
  return inLanguage('en', await all(createExampleReader().read(sourceOf(path, pieces))));
}

const pair = (prompt: string, completion: string) => ({
  format: 'sft',
  messages: [
    { role: 'user', content: prompt },
    { role: 'assistant', content: completion },
  ],
});

/** What is said of a single line of JSON Lines. */
async function reasonOf(line: string | Uint8Array): Promise<string | undefined> {
  const [found, ...more] = await read('faq.jsonl', line);
  expect(more).toEqual([]);
  return found !== undefined && 'reason' in found ? found.reason : undefined;
}

const hi = { role: 'user', content: 'hi' };
const hello = { role: 'assistant', content: 'hello' };

describe('each format gives the same examples', () => {
  test.each([
    ['chat lines', 'x.jsonl', `${JSON.stringify({ messages: [hi, hello] })}\n`],
    ['prompt and completion lines', 'x.jsonl', '{"prompt":"hi","completion":"hello"}'],
    ['an array of chats', 'x.json', JSON.stringify([{ messages: [hi, hello] }], null, 2)],
    ['an array of prompts and completions', 'x.json', '[{"prompt":"hi","completion":"hello"}]\n'],
    ['CSV', 'x.csv', 'prompt,completion\nhi,hello\n'],
    ['CSV with other columns', 'x.csv', 'id,Completion , PROMPT\n1,"hello","hi"\n'],
    ['CSV as it is saved where the comma is the decimal sign', 'x.csv', 'prompt;completion\nhi;hello'],
    ['CSV separated by tabs', 'x.tsv', 'prompt\tcompletion\nhi\thello\n'],
    ['CSV whose name says nothing', 'upload', '"prompt","completion"\n"hi","hello"'],
    ['lines whose name says CSV', 'x.csv', '{"prompt":"hi","completion":"hello"}'],
    [
      'lines in one array each, as one file of arrays would be',
      'x.jsonl',
      '[{"prompt":"hi","completion":"hello"}]',
    ],
  ])('%s', async (_, path, content) => {
    const expected = [expect.objectContaining({ example: pair('hi', 'hello') })];
    expect(await read(path, content)).toEqual(expected);
    expect(await read(path, `\u{feff}${content}`)).toEqual(expected);
    expect(await read(path, `\n \r\n\n${content}\n\n`)).toEqual(expected);
    expect(await read(path, content.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(await read(path, ...Buffer.from(content).toString('latin1'))).toEqual(expected);
  });

  test('preferences', async () => {
    const content = {
      input: { messages: [{ role: 'system', content: 'Be kind.' }, hi], tools: [] },
      preferred_output: [hello],
      non_preferred_output: [{ role: 'assistant', content: 'go away' }],
    };
    const example = {
      format: 'dpo',
      input: { messages: [{ role: 'system', content: 'Be kind.' }, hi] },
      preferred_output: [hello],
      non_preferred_output: [{ role: 'assistant', content: 'go away' }],
    };
    expect(await read('x.jsonl', JSON.stringify(content))).toEqual([{ line: 1, example }]);
    expect(await read('x.json', JSON.stringify([content]))).toEqual([{ line: 1, example }]);
  });

  test.each([true, false])('answers rated %s', async (label) => {
    const example = { format: 'kto', prompt: [hi], completion: [hello], label };
    expect(await read('x.jsonl', JSON.stringify({ prompt: [hi], completion: [hello], label }))).toEqual([
      { line: 1, example },
    ]);
    expect(await read('x.jsonl', JSON.stringify({ prompt: 'hi', completion: 'hello', label }))).toEqual([
      { line: 1, example },
    ]);
  });
});

describe('a chat', () => {
  test('keeps role and text of its messages and nothing else', async () => {
    const messages = [
      { role: 'developer', content: 'Be brief.', name: 'operator' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Good ' },
          { type: 'text', text: 'day' },
        ],
      },
      { ...hello, weight: 1, refusal: null, tool_calls: [], function_call: null },
    ];
    expect(await read('x.jsonl', JSON.stringify({ messages, source: 'forum', tools: [] }))).toEqual([
      {
        line: 1,
        example: {
          format: 'sft',
          messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Good day' }, hello],
        },
      },
    ]);
  });

  test('keeps its text to the letter', async () => {
    const text = ' \u{202e}שלום e\u0301 é 😀\t\r\n"\\" \u2028 ';
    expect(await read('x.jsonl', JSON.stringify({ prompt: text, completion: text }))).toEqual([
      { line: 1, example: pair(text, text) },
    ]);
  });
});

describe('a bad line is reported with its reason', () => {
  test.each([
    [{ messages: [hi] }, 'messages needs at least 2 messages'],
    [{ messages: [] }, 'messages needs at least 2 messages'],
    [{ messages: 'hi' }, 'messages is text and must be a list of messages'],
    [{ messages: null }, 'messages is null and must be a list of messages'],
    [{ messages: [hi, 4] }, 'messages[1] is a number and must be an object'],
    [{ messages: [hi, { role: 'assistant' }] }, 'messages[1].content is missing'],
    [{ messages: [hi, { role: 'assistant', content: ' \n' }] }, 'messages[1].content is empty'],
    [
      { messages: [hi, { role: 'assistant', content: null }] },
      'messages[1].content is null and must be text',
    ],
    [{ messages: [hi, { content: 'hello' }] }, 'messages[1].role is missing'],
    [
      { messages: [hi, { role: 'robot', content: 'beep' }] },
      'messages[1].role is "robot" and must be system, user or assistant',
    ],
    [{ messages: [hello, hi] }, 'the last message must be from the assistant'],
    [{ messages: [hello, hello] }, 'a message from the user is missing'],
    [
      { messages: [hi, { role: 'assistant', content: null, tool_calls: [{ id: 1 }] }] },
      'messages[1] calls a tool, and only text can be trained on',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }, hello] },
      'messages[0].content holds a part that is not text',
    ],
    [{ messages: [{ role: 'user', content: 'a\0b' }, hello] }, 'messages[0].content holds a NUL character'],
    [{ prompt: 'hi', completion: '' }, 'completion is empty'],
    [{ prompt: ' ', completion: 'hello' }, 'prompt is empty'],
    [{ prompt: 'hi' }, 'completion is missing'],
    [{ completion: 'hello' }, 'prompt is missing'],
    [{ prompt: 'hi', completion: ['hello'] }, 'completion is a list and must be text'],
    [{ prompt: 'hi', completion: true }, 'completion is true and must be text'],
    [{ prompt: [hi], completion: [hello] }, 'label is missing'],
    [{ prompt: 'hi', completion: 'hello', label: 'good' }, 'label is text and must be true or false'],
    [
      { prompt: [hello], completion: [hello], label: true },
      'the last message of a prompt must be from the user',
    ],
    [{ input: { messages: [hi] }, preferred_output: [hello] }, 'non_preferred_output is missing'],
    [
      { input: { messages: [hi] }, preferred_output: [hi], non_preferred_output: [hello] },
      'preferred_output[0].role is "user" and must be assistant',
    ],
    [
      { input: { messages: [hi] }, preferred_output: [hello, hello], non_preferred_output: [hello] },
      'preferred_output may hold no more than 1 message',
    ],
    [
      { question: 'hi', answer: 'hello' },
      'it has neither messages, nor prompt and completion, nor input and preferred_output',
    ],
  ])('%j', async (line, reason) => {
    expect(await reasonOf(JSON.stringify(line))).toBe(reason);
  });

  test.each([
    ['hello', 'it is not a JSON object, which begins with {'],
    ['"hello"', 'it is not a JSON object, which begins with {'],
    ['{"prompt":"hi" "completion":"hello"}', "malformed JSON at column 16: expected ','"],
    ['{"prompt":"größe 😀",}', "malformed JSON at column 21: unexpected token '}'"],
    ["{'prompt':'hi'}", 'malformed JSON at column 2: expected an object key'],
    ['{"prompt":tru}', 'malformed JSON at column 11: expected a value'],
    ['{"prompt":"a\tb"}', 'malformed JSON at column 13: a string holds a character that must be escaped'],
    ['{"prompt":"hi","compl', 'malformed JSON at column 22: it ends too early'],
    ['{"prompt":"hi"', 'malformed JSON at column 15: it ends too early'],
    ['{"prompt":"hi","completion":"hello"}}', 'malformed JSON at column 37: unexpected characters'],
    ['{"prompt":"\\ud800","completion":"hello"}', 'prompt holds half of a character'],
    ['{"prompt":"h\0i"}', 'it holds a NUL byte; save the file as UTF-8 text'],
    [
      Buffer.from('{"prompt":"gr\xf6\xdfe"}', 'latin1'),
      'it is not valid UTF-8 at column 14; save the file as UTF-8',
    ],
    [`{"prompt":"${'x'.repeat(4 * 1024 * 1024)}"}`, 'it is over 4 MiB; take it out or make it shorter'],
    [`{"x":${'['.repeat(1_000_000)}`, 'it holds more than 50000 JSON values'],
  ])('%#', async (line, reason) => {
    expect(await reasonOf(line)).toBe(reason);
  });

  test('and its number, and reading goes on with the next one', async () => {
    const good = '{"prompt":"hi","completion":"hello"}';
    const tooLong = 'x'.repeat(5 * 1024 * 1024);
    const lines = [good, 'bad', '', good, '{', '{"prompt":1}', tooLong, good, '\xff', good];
    const found = await read('x.jsonl', lines.join('\r\n'));
    const numbers = (kind: 'example' | 'reason') =>
      found.flatMap((entry) => (kind in entry ? [entry.line] : []));
    expect(numbers('example')).toEqual([1, 4, 8, 10]);
    expect(numbers('reason')).toEqual([2, 5, 6, 7, 9]);
  });
});

describe('an array', () => {
  test('numbers its elements, says where they begin, and goes on after a bad one', async () => {
    const content = `[
      {"prompt": "a ] , \\" [", "completion": "b"},
      {"prompt": "hi"}, 3,

      {"prompt": "${'x'.repeat(4 * 1024 * 1024)}", "completion": "b"},
      {"prompt": "hi", "completion": "hello"}
    ]`;
    expect(await read('x.json', content)).toEqual([
      { line: 1, example: pair('a ] , " [', 'b') },
      { line: 2, reason: 'element 2 of the array, which begins in line 3: completion is missing' },
      {
        line: 3,
        reason:
          'element 3 of the array, which begins in line 3: it is a number and not an object with messages, or prompt and completion',
      },
      {
        line: 4,
        reason:
          'element 4 of the array, which begins in line 5: it is over 4 MiB; take it out or make it shorter',
      },
      { line: 5, example: pair('hi', 'hello') },
    ]);
  });

  test.each([
    ['[{"prompt":"hi","completion":"hello"},\n  {"prompt":"größe" "x":1}, 5]', 2, 2, 21, "expected ','"],
    ['[{"prompt":"hi","completion":"hello"},]', 2, 1, 39, 'an element is missing'],
    ['[,{"prompt":"hi","completion":"hello"}]', 1, 1, 2, 'an element is missing'],
    ['[{"prompt":"hi","completion":"hello"}', 1, 1, 38, 'the file ends before the array does'],
    ['[\n{"prompt":"hi","completion":"hel', 1, 2, 33, 'it ends too early'],
    ['[\n\n', 1, 3, 1, 'the file ends before the array does'],
    ['[{"prompt":"hi","completion":"hello"}]\n[1]', 2, 2, 1, 'there is something after the end of the array'],
    ['[{]}, 5]', 1, 1, 4, "unexpected '}'"],
    ['[{"a":[}, 5]', 1, 1, 8, 'expected a value'],
  ])('that is malformed is read as far as that place: %j', async (content, element, line, column, reason) => {
    const found = await read('x.json', content);
    expect(found.at(-1)).toEqual({
      line: element,
      reason: `malformed JSON in line ${line} at column ${column}, so the array is read no further: ${reason}`,
    });
    expect(found.filter((entry) => 'reason' in entry)).toHaveLength(1);
  });

  test('may be empty', async () => {
    expect(await read('x.json', ' [ ] ')).toEqual([]);
  });
});

describe('CSV', () => {
  test('takes quoted fields with separators, quotes and line breaks, and numbers the line a record starts in', async () => {
    const content = [
      'prompt,completion',
      '"a, b","say ""hi"""',
      '"two',
      '',
      'lines",x',
      '  ',
      'last,one',
    ].join('\r\n');
    expect(await read('x.csv', content)).toEqual([
      { line: 2, example: pair('a, b', 'say "hi"') },
      { line: 3, example: pair('two\r\n\r\nlines', 'x') },
      { line: 7, example: pair('last', 'one') },
    ]);
  });

  test('reports each bad record and goes on with the next one', async () => {
    const bad = [
      [
        'a,b,c',
        'it has 3 fields and the header has 2; put a text that holds a comma, a quote or a line break in quotes',
      ],
      [
        'alone',
        'it has 1 field and the header has 2; put a text that holds a comma, a quote or a line break in quotes',
      ],
      [
        '5" pipe,b',
        'a quote stands within a field; put the whole field in quotes and write each quote in it twice',
      ],
      ['"a" b,c', 'text follows a closing quote; write each quote within a quoted field twice'],
      ['a,', 'completion is empty'],
      ['" ",b', 'prompt is empty'],
      ['a,b\0', 'it holds a NUL byte; save the file as UTF-8 text'],
      ['a,\xff', 'it is not valid UTF-8 at column 3; save the file as UTF-8'],
      [
        `${'x'.repeat(4 * 1024 * 1024)},b`,
        'it is over 4 MiB; take it out or make it shorter, or close the quote that keeps it open',
      ],
      [','.repeat(100_000), 'it has more than 1000 fields'],
    ] as const;
    const lines = ['prompt,completion', ...bad.flatMap(([line]) => ['good,one', line])];
    const found = await read('x.csv', Buffer.from(lines.join('\n'), 'latin1'));
    expect(found).toEqual(
      bad.flatMap(([_, reason], index) => [
        { line: 2 + index * 2, example: pair('good', 'one') },
        { line: 3 + index * 2, reason },
      ]),
    );
  });

  test('with a quote that is never closed is read as far as that', async () => {
    expect(await read('x.csv', 'prompt,completion\na,b\nc,"d\ne,f\n')).toEqual([
      { line: 2, example: pair('a', 'b') },
      { line: 3, reason: 'a quote is opened and never closed, so nothing after it can be read; close it' },
    ]);
  });

  test.each([
    [
      'question,answer\na,b',
      'the header of a CSV file must name the columns prompt and completion, and this one does not',
    ],
    [
      'prompt,answer\na,b',
      'the header of a CSV file must name the columns prompt and completion, and this one does not',
    ],
    ['prompt,completion,prompt\na,b,c', 'the header names the column prompt twice'],
  ])('without a header that names both columns once is read no further: %j', async (content, reason) => {
    expect(await read('x.csv', content)).toEqual([{ line: 1, reason }]);
  });
});

describe('a file that is no text', () => {
  test.each([
    [
      'UTF-16',
      Buffer.from('\u{feff}prompt,completion\nhi,hello\n', 'utf16le'),
      'the file is UTF-16; save it as UTF-8',
    ],
    [
      'a zip',
      'PK\x03\x04 and so on',
      'the file is a zip or a spreadsheet; take the text files out of it, or save it as CSV in UTF-8',
    ],
    ['compressed', Buffer.of(0x1f, 0x8b, 8, 0, 0, 0), 'the file is compressed; unpack it first'],
  ])('is named once: %s', async (_, content, reason) => {
    expect(await read('x.csv', content)).toEqual([{ line: 1, reason }]);
  });
});

test.each(['', '\n\n', '\u{feff}', ' \r\n\t'])(
  'a file with nothing in it has no examples: %j',
  async (content) => {
    for (const path of ['x.jsonl', 'x.json', 'x.csv']) expect(await read(path, content)).toEqual([]);
  },
);

test('a reader that leaves closes the source, and a source that fails ends the reading', async () => {
  let isClosed = false;
  const source = {
    ...sourceOf('x.jsonl', []),
    read: async function* () {
      try {
        yield Buffer.from('{"prompt":"hi","completion":"hello"}\n'.repeat(3));
        throw new Error('the disk is gone');
      } finally {
        isClosed = true;
      }
    },
  };
  for await (const _ of createExampleReader().read(source)) break;
  expect(isClosed).toBe(true);
  await expect(all(createExampleReader().read(source))).rejects.toThrow('the disk is gone');
});
