import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerTo, memoryOf, sft } from './teaching.ts';

const Questions = z.object({
  domains: z.array(
    z.object({
      name: z.string(),
      learned: z.array(
        z.object({ prompt: z.string(), completion: z.string(), rewordings: z.array(z.string()) }),
      ),
    }),
  ),
  unrelated: z.object({ en: z.array(z.string()), ru: z.array(z.string()) }),
});
type Learned = z.infer<typeof Questions>['domains'][number]['learned'];

/** Written before the model was tuned, and never tuned to. */
const heldOut = read('held-out');
/** The model was tuned on these: they guard what was reached, not what is promised. */
const development = read('development');

function read(name: string): z.infer<typeof Questions> {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url);
  return Questions.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function learn(learned: Learned) {
  return memoryOf(...learned.map(({ prompt, completion }) => sft(prompt, completion)));
}

const share = (outcomes: readonly boolean[]) => outcomes.filter(Boolean).length / outcomes.length;

describe.each([
  ['held out', heldOut],
  ['of the development', development],
])('on the questions %s', (_, { domains, unrelated }) => {
  const everything = { name: 'all domains together', learned: domains.flatMap(({ learned }) => learned) };

  describe.each([everything, ...domains])('a model that learned $name', ({ learned }) => {
    const memory = learn(learned);

    it('repeats every prompt that it was trained on', () => {
      const repeated = learned.map(({ prompt, completion }) => answerTo(memory, prompt) === completion);
      expect(share(repeated)).toBe(1);
    });

    it('finds the right answer for at least 8 of 10 rewordings', () => {
      const found = learned.flatMap(({ completion, rewordings }) =>
        rewordings.map((rewording) => answerTo(memory, rewording) === completion),
      );
      expect(share(found)).toBeGreaterThanOrEqual(0.8);
    });

    it('abstains on at least 95 of 100 unrelated questions', () => {
      const abstained = [...unrelated.en, ...unrelated.ru].map(
        (question) => answerTo(memory, question) === null,
      );
      expect(share(abstained)).toBeGreaterThanOrEqual(0.95);
    });
  });
});

describe('a model that learned one prompt', () => {
  const { domains } = heldOut;
  const learned = domains.flatMap((domain) => domain.learned);

  it('finds it by at least 8 of 10 rewordings', () => {
    const found = learned.flatMap((one) => {
      const memory = learn([one]);
      return one.rewordings.map((rewording) => answerTo(memory, rewording) !== null);
    });
    expect(share(found)).toBeGreaterThanOrEqual(0.8);
  });

  it('abstains on at least 95 of 100 other questions about the same subject', () => {
    const abstained = domains.flatMap((domain) =>
      domain.learned.flatMap((one) => {
        const memory = learn([one]);
        return domain.learned
          .filter((other) => other !== one)
          .map(({ prompt }) => answerTo(memory, prompt) === null);
      }),
    );
    expect(share(abstained)).toBeGreaterThanOrEqual(0.95);
  });
});
