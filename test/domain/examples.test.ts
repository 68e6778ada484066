import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complaintOf } from '../../src/domain/complaint.ts';
import {
  type ChatMessage,
  convertExample,
  DatasetFormat,
  DpoExample,
  datasetLine,
  judgements,
  KtoExample,
  parseDatasetLine,
  SftExample,
  type TrainingExample,
} from '../../src/domain/examples.ts';
import { languages } from '../../src/domain/languages/languages.ts';

const system: ChatMessage = { role: 'system', content: 's' };
const user: ChatMessage = { role: 'user', content: 'q' };
const assistant = { role: 'assistant', content: 'a' } as const;
const other = { role: 'assistant', content: 'b' } as const;

const sft: TrainingExample = { format: 'sft', messages: [system, user, assistant] };
const dpo: TrainingExample = {
  format: 'dpo',
  input: { messages: [user] },
  preferred_output: [assistant],
  non_preferred_output: [other],
};
const kto = (label: boolean): TrainingExample => ({
  format: 'kto',
  prompt: [user],
  completion: [assistant],
  label,
});

const content = fc.string({ unit: 'binary', minLength: 1 });
const message = fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content });
const prompt = fc
  .tuple(fc.array(message, { maxLength: 3 }), content)
  .map(([turns, text]): ChatMessage[] => [...turns, { role: 'user', content: text }]);
const reply = content.map((text) => ({ role: 'assistant' as const, content: text }));
const example: fc.Arbitrary<TrainingExample> = fc.oneof(
  fc
    .tuple(fc.array(message, { minLength: 1, maxLength: 4 }), reply)
    .filter(([turns]) => turns.some(({ role }) => role === 'user'))
    .map(([turns, last]) => ({ format: 'sft' as const, messages: [...turns, last] })),
  fc.tuple(prompt, reply, reply).map(([messages, preferred, rejected]) => ({
    format: 'dpo' as const,
    input: { messages },
    preferred_output: [preferred] as [typeof preferred],
    non_preferred_output: [rejected] as [typeof rejected],
  })),
  fc.tuple(prompt, reply, fc.boolean()).map(([messages, completion, label]) => ({
    format: 'kto' as const,
    prompt: messages,
    completion: [completion] as [typeof completion],
    label,
  })),
);

describe('a line of a dataset file', () => {
  it('is the canonical JSON of its example', () => {
    fc.assert(
      fc.property(example, (any) => {
        const { format: _, ...said } = any;
        expect(datasetLine(any)).toBe(`${canonicalize(said)}\n`);
      }),
    );
  });

  it.each([
    [
      sft,
      '{"messages":[{"content":"s","role":"system"},{"content":"q","role":"user"},{"content":"a","role":"assistant"}]}\n',
    ],
    [
      dpo,
      '{"input":{"messages":[{"content":"q","role":"user"}]},"non_preferred_output":[{"content":"b","role":"assistant"}],"preferred_output":[{"content":"a","role":"assistant"}]}\n',
    ],
    [
      kto(false),
      '{"completion":[{"content":"a","role":"assistant"}],"label":false,"prompt":[{"content":"q","role":"user"}]}\n',
    ],
    [
      {
        format: 'sft' as const,
        messages: [
          user,
          {
            role: 'assistant' as const,
            content: '€ "\\/\b\f\n\r\t\u001f\u007f\u2028 e\u0301 שלום \u{1f600}',
          },
        ],
      },
      '{"messages":[{"content":"q","role":"user"},{"content":"€ \\"\\\\/\\b\\f\\n\\r\\t\\u001f\u007f\u2028 e\u0301 שלום \u{1f600}","role":"assistant"}]}\n',
    ],
  ])('has these bytes and no others (RFC 8785): $format', (given, line) => {
    expect(datasetLine(given)).toBe(line);
  });

  it('is the same in whatever order the properties were given', () => {
    const backwards = { messages: sft.messages.map(({ role, content: text }) => ({ content: text, role })) };
    expect(datasetLine({ ...backwards, format: 'sft' })).toBe(datasetLine(sft));
  });

  it('reads back as the example that was written, on one line', () => {
    fc.assert(
      fc.property(example, (given) => {
        const line = datasetLine(given);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(parseDatasetLine(given.format, line)).toEqual(given);
      }),
    );
  });

  it.each([
    ['not JSON', 'sft', '{'],
    ['of another format', 'sft', datasetLine(dpo)],
    [
      'with more in it than the format has',
      'kto',
      '{"completion":[{"content":"a","role":"assistant"}],"label":true,"prompt":[{"content":"q","role":"user"}],"x":1}',
    ],
  ] as const)('is refused where it is %s', (_, format, line) => {
    expect(() => parseDatasetLine(format, line)).toThrow();
  });
});

describe('an example', () => {
  const reasonOf = (schema: typeof SftExample | typeof DpoExample | typeof KtoExample, value: unknown) => {
    const { error } = schema.safeParse(value);
    return error && complaintOf(error)(languages.en);
  };

  it.each([
    [SftExample, { messages: [user, assistant, user] }, 'the last message must be from the assistant'],
    [SftExample, { messages: [system, assistant] }, 'a message from the user is missing'],
    [
      KtoExample,
      { ...kto(true), format: undefined, prompt: [user, assistant] },
      'the last message of a prompt must be from the user',
    ],
    [
      DpoExample,
      { ...dpo, format: undefined, input: { messages: [system] } },
      'the last message of a prompt must be from the user',
    ],
  ])('says what is wrong with it (%#)', (schema, value, reason) => {
    expect(reasonOf(schema, JSON.parse(JSON.stringify(value)))).toBe(reason);
  });

  it.each([
    [SftExample, { messages: [user] }],
    [SftExample, { messages: [user, { role: 'assistant', content: '' }] }],
    [SftExample, { messages: [user, { role: 'tool', content: 'a' }] }],
    [
      DpoExample,
      { input: { messages: [user] }, preferred_output: [assistant, other], non_preferred_output: [other] },
    ],
    [KtoExample, { prompt: [user], completion: [user], label: true }],
    [KtoExample, { prompt: [user], completion: [assistant], label: 1 }],
  ])('is nothing else than its format says (%#)', (schema, value) => {
    expect(reasonOf(schema, value)).toEqual(expect.any(String));
  });
});

describe('converting an example', () => {
  it.each([
    {
      from: sft,
      to: 'kto',
      gives: [{ format: 'kto', prompt: [system, user], completion: [assistant], label: true }],
    },
    { from: sft, to: 'dpo', gives: [] },
    { from: dpo, to: 'sft', gives: [{ format: 'sft', messages: [user, assistant] }] },
    { from: dpo, to: 'kto', gives: [kto(true), { ...kto(false), completion: [other] }] },
    { from: kto(true), to: 'sft', gives: [{ format: 'sft', messages: [user, assistant] }] },
    { from: kto(false), to: 'sft', gives: [] },
    { from: kto(true), to: 'dpo', gives: [] },
  ] as const)('keeps what it says: from $from.format to $to', ({ from, to, gives }) => {
    expect(convertExample(from, to)).toEqual(gives);
  });

  it('changes nothing where the format stays', () => {
    for (const same of [sft, dpo, kto(true)]) expect(convertExample(same, same.format)).toEqual([same]);
  });

  it('gives nothing as kto where nobody asked last', () => {
    for (const messages of [
      [user, assistant, other],
      [user, system, assistant],
    ])
      expect(convertExample({ format: 'sft', messages }, 'kto')).toEqual([]);
  });

  it('gives only what the other format takes, and never teaches a bad answer', () => {
    fc.assert(
      fc.property(example, fc.constantFrom(...DatasetFormat.options), (from, format) => {
        const bad = judgements(from).filter(({ label }) => !label);
        for (const converted of convertExample(from, format)) {
          expect(parseDatasetLine(format, datasetLine(converted))).toEqual(converted);
          if (converted.format !== 'sft' || from.format !== 'kto') continue;
          expect(bad).toEqual([]);
        }
      }),
    );
  });

  it('judges a good and a bad answer as what they are', () => {
    expect(judgements(dpo).map(({ completion: [{ content: text }], label }) => [text, label])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(judgements(kto(false)).map(({ label }) => label)).toEqual([false]);
    expect(judgements(sft)).toEqual([{ prompt: [system, user], completion: [assistant], label: true }]);
  });
});
