import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Metadata, PromptMessage } from '../../src/domain/events.ts';
import { type ExactFit, exactFit } from '../../src/domain/exact-fit.ts';
import { metadata } from './samples.ts';

const kinds = {
  text: z.string(),
  'text that is not empty': z.string().min(1),
  'a name of four digits': z.string().regex(/^\d{4}$/),
  'a time': z.iso.datetime(),
  'a number': z.number(),
  'a number from 0': z.number().nonnegative(),
  'a count': z.int().nonnegative(),
  'a line number': z.int().positive(),
  'yes or no': z.boolean(),
  'a choice': z.enum(['up', 'down']),
  'text or null': z.string().nullable(),
  'messages, at least one': z.array(PromptMessage).min(1),
  'an object': z.object({ text: z.string(), inner: z.object({ count: z.int() }).nullable() }),
  metadata: Metadata,
  // These it knows nothing of, so they are always parsed.
  'text without its spaces': z.string().trim(),
  'text of a length': z.string().max(3),
  'a transformed text': z.string().transform((text) => text.length),
  'an even number': z.number().refine((number) => number % 2 === 0),
  'text with a default': z.object({ text: z.string().default('') }),
  'a text that may be left out': z.object({ text: z.string().optional() }),
  'an object that is checked': z.object({ text: z.string() }).refine(({ text }) => text !== 'up'),
  'an object with whatever else': z.looseObject({ text: z.string() }),
  'an object and nothing else': z.strictObject({ text: z.string() }),
  'a coerced number': z.coerce.number(),
  'a small number': z.int32(),
  'a number to a hundredth': z.number().multipleOf(0.01),
  'one of two': z.union([z.string(), z.number()]),
  'a number by name': z.record(z.string(), z.number()),
} satisfies Record<string, z.ZodType>;

const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    '',
    ' a ',
    'up',
    '1234',
    0,
    -0,
    1,
    -1,
    0.5,
    2 ** 53,
    Number.NaN,
  ),
  fc.constantFrom('2026-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z', '2026-02-01T00:00:00+01:00', 'user'),
  fc.string(),
  fc.double(),
);
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(
      fc.constantFrom('text', 'inner', 'count', 'length', '0', '__proto__', 'other'),
      tie('value'),
    ),
  ),
}));
const message = fc.record(
  {
    role: fc.oneof(fc.constantFrom('user', 'assistant'), leaf),
    content: leaf,
    answer: fc.constantFrom(null, 'a1', 1),
    correction: fc.constant(null),
    other: leaf,
  },
  { requiredKeys: ['role', 'content', 'answer', 'correction'] },
);
const change = fc.record({
  key: fc.constantFrom(...Object.keys(metadata), 'other'),
  to: leaf,
});
const value = fc.oneof(
  anything,
  fc.array(message, { maxLength: 2 }),
  fc.array(change, { maxLength: 1 }).map((changes) => ({
    ...metadata,
    ...Object.fromEntries(changes.map(({ key, to }) => [key, to])),
  })),
);

describe.each(Object.entries<z.ZodType>(kinds))('%s', (_, schema) => {
  const fits: ExactFit<unknown> = exactFit(schema);

  it('never fits what a parse would refuse or change', () => {
    fc.assert(
      fc.property(value, (any) => {
        if (fits(any)) expect(schema.safeParse(any)).toEqual({ success: true, data: any });
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is as it was written', () => {
  it.each<readonly [keyof typeof kinds, unknown]>([
    ['text', ''],
    ['text that is not empty', 'a'],
    ['a name of four digits', '1234'],
    ['a time', '2026-02-01T00:00:00.000Z'],
    ['a number', 0.5],
    ['a number from 0', 0],
    ['a count', 0],
    ['a line number', 1],
    ['yes or no', false],
    ['a choice', 'down'],
    ['text or null', null],
    ['messages, at least one', [{ role: 'user', content: 'a', answer: null, correction: null }]],
    ['an object', { inner: { count: 1 }, text: 'a' }],
    ['metadata', metadata],
  ])('fits as %s', (kind, content) => {
    expect(exactFit(kinds[kind])(content)).toBe(true);
  });
});
