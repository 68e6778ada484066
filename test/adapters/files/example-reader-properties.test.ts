import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createExampleReader } from '../../../src/adapters/files/example-reader.ts';
import { type ChatMessage, datasetLine, type TrainingExample } from '../../../src/domain/examples.ts';
import { all, sourceOf } from './bytes.ts';
import { inLanguage, type Read } from './reasons.ts';

const text = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({
      unit: fc.constantFrom('"', '\\', ',', ';', '\n', '\r', '{', '}', '[', ']', 'é', '😀', ' ', 'a'),
      minLength: 1,
    }),
  )
  .filter((value) => value.trim() !== '' && !value.includes('\0'));

const message = (role: ChatMessage['role']) => text.map((content): ChatMessage => ({ role, content }));
const reply = text.map((content): [{ role: 'assistant'; content: string }] => [
  { role: 'assistant', content },
]);
const turns = fc.array(fc.constantFrom('system', 'user', 'assistant').chain(message), { maxLength: 3 });
const prompt = fc.tuple(turns, message('user')).map(([before, last]) => [...before, last]);

const chat = fc
  .tuple(prompt, reply)
  .map(([before, last]): TrainingExample => ({ format: 'sft', messages: [...before, ...last] }));
const preference = fc.tuple(prompt, reply, reply).map(
  ([messages, preferred_output, non_preferred_output]): TrainingExample => ({
    format: 'dpo',
    input: { messages },
    preferred_output,
    non_preferred_output,
  }),
);
const rated = fc.tuple(prompt, reply, fc.boolean()).map(
  ([messages, completion, label]): TrainingExample => ({
    format: 'kto',
    prompt: messages,
    completion,
    label,
  }),
);
const pair = fc.record({ prompt: text, completion: text });
const ofPair = (value: { prompt: string; completion: string }): TrainingExample => ({
  format: 'sft',
  messages: [
    { role: 'user', content: value.prompt },
    { role: 'assistant', content: value.completion },
  ],
});

/** Some examples and a file of them, in every way that such a file may be written. */
const file = fc.oneof(
  fc
    .tuple(fc.array(fc.oneof(chat, preference, rated)), fc.constantFrom('\n', '\r\n', '\n\n', ' \r\n\r\n'))
    .map(([examples, separator]) => ({
      path: 'x.jsonl',
      examples,
      content: examples.map((example) => datasetLine(example).trimEnd() + separator).join(''),
    })),
  fc
    .tuple(fc.array(fc.oneof(chat, preference, rated)), fc.constantFrom(undefined, 1, '\t'))
    .map(([examples, indent]) => ({
      path: 'x.json',
      examples,
      content: JSON.stringify(
        examples.map((example) => JSON.parse(datasetLine(example))),
        null,
        indent,
      ),
    })),
  fc.array(pair).map((pairs) => ({
    path: 'x.txt',
    examples: pairs.map(ofPair),
    content: pairs.map((value) => JSON.stringify(value)).join('\n'),
  })),
  fc
    .tuple(fc.array(pair), fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'))
    .map(([pairs, delimiter, lineEnd]) => ({
      path: 'x.csv',
      examples: pairs.map(ofPair),
      content: [
        ['prompt', 'id', 'completion'],
        ...pairs.map((value) =>
          [value.prompt, '7', value.completion].map((field) => `"${field.replaceAll('"', '""')}"`),
        ),
      ]
        .map((fields) => fields.join(delimiter))
        .join(lineEnd),
    })),
);

async function readInPieces(path: string, content: Uint8Array, size: number): Promise<Read[]> {
  const count = Math.ceil(content.length / size);
  const pieces = Array.from({ length: count }, (_, index) =>
    content.subarray(index * size, (index + 1) * size),
  );
  return inLanguage('en', await all(createExampleReader().read(sourceOf(path, pieces))));
}
const pieceSize = fc.constantFrom(1, 2, 3, 7, 64, 100_000);

test('any examples come out of a file of any format as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(file, pieceSize, fc.boolean(), async ({ path, examples, content }, size, isMarked) => {
      const bytes = Buffer.from(isMarked ? `\u{feff}${content}` : content);
      const found = await readInPieces(path, bytes, size);
      expect(found.map((entry) => ('example' in entry ? entry.example : entry.reason))).toEqual(examples);
    }),
    { numRuns: 400 },
  );
});

const fragment = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '""',
    ',',
    ':',
    ';',
    '\\',
    '\n',
    '\r\n',
    ' ',
    'prompt,completion\n',
    '"prompt"',
    '"messages"',
  ],
  ...[
    '{"prompt":"a","completion":"b"}',
    '"a,b"',
    '\\u12',
    '\\ud800',
    '1e9',
    'null',
    '\0',
    'é',
    '\u{feff}',
    '😀',
  ],
);
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(fragment, { maxLength: 60 }).map((fragments) => new Uint8Array(Buffer.from(fragments.join('')))),
  fc.tuple(file, fc.nat(), fc.nat(255)).map(([{ content }, at, byte]) => {
    const bytes = new Uint8Array(Buffer.from(content));
    if (bytes.length > 0) bytes[at % bytes.length] = byte;
    return bytes;
  }),
);

test('any bytes end in examples and reasons, the same however they come', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyBytes,
      fc.constantFrom('x.jsonl', 'x.json', 'x.csv', 'x'),
      pieceSize,
      async (bytes, path, size) => {
        const found = await readInPieces(path, bytes, size);
        expect(await readInPieces(path, bytes, 1_000_000)).toEqual(found);
        let last = 0;
        for (const entry of found) {
          expect(entry.line).toBeGreaterThan(last);
          last = entry.line;
          // What is taken can be stored; what is not has a reason on one line.
          if ('example' in entry) expect(datasetLine(entry.example)).toMatch(/^\{[^\n]*\}\n$/);
          else expect(entry.reason).toMatch(/^\S[^\n]+$/);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a damaged line takes no other line with it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(chat, preference, rated), { minLength: 2 }),
      fc.nat(),
      fc.uint8Array({ minLength: 1 }).map((bytes) => bytes.filter((byte) => byte !== 0x0a)),
      async (examples, at, damage) => {
        const index = at % examples.length;
        const lines = examples.map((example) => Buffer.from(datasetLine(example)));
        lines[index] = Buffer.concat([Buffer.from('{'), damage, Buffer.from('\n')]);
        // The first byte tells the format, so the first line stays.
        const content = Buffer.concat([Buffer.from(datasetLine(examples[0] ?? fail())), ...lines]);
        const found = await readInPieces('x.jsonl', content, 50);
        const expected = [examples[0], ...examples].map((example, line) => ({ line: line + 1, example }));
        expect(found.filter(({ line }) => line !== index + 2)).toEqual(
          expected.filter(({ line }) => line !== index + 2),
        );
      },
    ),
    { numRuns: 200 },
  );
});

function fail(): never {
  throw new Error('there is no first example');
}
