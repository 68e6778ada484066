import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LearnedPrompt } from '../../../../src/adapters/models/embedded/learning.ts';
import { linesOf } from '../../../../src/adapters/models/embedded/lines.ts';
import {
  readModel,
  UnreadableModel,
  writeModel,
} from '../../../../src/adapters/models/embedded/model-file.ts';
import { DATASET, user } from './teaching.ts';

const read = (text: string) => readModel(linesOf([new TextEncoder().encode(text)]));
const written = (prompts: readonly LearnedPrompt[]) => [...writeModel(DATASET, prompts)].join('');

const text = fc.string({ unit: 'binary', minLength: 1 });
const prompt: fc.Arbitrary<LearnedPrompt> = fc.record({
  line: fc.integer({ min: 1 }),
  messages: fc.array(text.map(user), { minLength: 1, maxLength: 3 }),
  completion: fc.option(text),
  rejected: fc.array(text, { maxLength: 3 }),
});

describe('a model file', () => {
  it('gives back what was learned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(prompt, { maxLength: 5 }), async (prompts) => {
        expect(await read(written(prompts))).toEqual({ dataset: DATASET, prompts });
      }),
    );
  });

  it('says what it is, in which version and what it was made from', () => {
    expect(written([])).toBe(
      `{"format":"training-ledger embedded model","version":1,"dataset":"${DATASET}","prompts":0}\n`,
    );
  });

  const whole = written([
    { line: 1, messages: [user('a')], completion: 'b', rejected: [] },
    { line: 2, messages: [user('c')], completion: 'd', rejected: [] },
  ]);
  it.each([
    ['is empty', ''],
    ['is something else', 'PK\u0003\u0004'],
    ['is another kind of JSON Lines', '{"messages":[]}\n'],
    ['is of another version', whole.replace('"version":1', '"version":2')],
    ['lacks its last line', whole.split('\n').slice(0, 2).join('\n')],
    ['was cut within a line', whole.slice(0, -10)],
    ['holds a line that does not fit', whole.replace('"line":2', '"line":"two"')],
  ])('is refused where it %s', async (_, content) => {
    await expect(read(content)).rejects.toThrow(UnreadableModel);
  });
});
