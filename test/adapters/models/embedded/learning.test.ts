import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Learning } from '../../../../src/adapters/models/embedded/learning.ts';
import { dpo, kto, sft, user } from './teaching.ts';

describe('what is learned from a dataset', () => {
  it('is a completion for each prompt, with the line that taught it, and what was rejected', () => {
    const learning = new Learning();
    learning.take(1, sft('a', 'first'));
    learning.take(2, dpo('b', 'good', 'bad'));
    learning.take(3, sft('a', 'second'));
    learning.take(4, kto('c', 'wrong', false));
    expect(learning.prompts()).toEqual([
      { line: 2, messages: [user('b')], completion: 'good', rejected: ['bad'] },
      { line: 3, messages: [user('a')], completion: 'second', rejected: [] },
      { line: 4, messages: [user('c')], completion: null, rejected: ['wrong'] },
    ]);
  });

  it('takes an answer that one example both prefers and rejects for rejected', () => {
    const learning = new Learning();
    learning.take(1, dpo('a', 'same', 'same'));
    expect(learning.prompts()).toMatchObject([{ completion: null, rejected: ['same'] }]);
  });

  it('says how many of the judgements it follows, as asking for each of them would', () => {
    const judgement = fc.record({
      prompt: fc.constantFrom('a', 'b'),
      completion: fc.constantFrom('x', 'y', 'z'),
      good: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(judgement, { maxLength: 20 }), (judgements) => {
        const learning = new Learning();
        for (const [index, { prompt, completion, good }] of judgements.entries()) {
          learning.take(index + 1, kto(prompt, completion, good));
          const taken = judgements.slice(0, index + 1);
          const answers = new Map(
            learning.prompts().map(({ messages, completion: answer }) => [messages[0]?.content, answer]),
          );
          const followed = taken.filter((one) => one.good === (answers.get(one.prompt) === one.completion));
          expect(learning.followed).toBe(followed.length);
        }
      }),
    );
  });

  it('takes no longer for each example when many are about one prompt', () => {
    const learning = new Learning();
    const examples = 50_000;
    for (let line = 1; line <= examples; line++) learning.take(line, kto('a', `answer ${line}`, true));
    for (let line = examples; line > 1; line--)
      learning.take(2 * examples - line + 1, kto('a', `answer ${line}`, false));
    expect(learning.prompts()).toMatchObject([{ line: 1, completion: 'answer 1' }]);
  });
});
