import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressThinning } from '../../../../src/adapters/models/external/progress-thinning.ts';

const DAY_MS = 86_400_000;

describe('what the ledger is told of the progress', () => {
  it('is about a hundred steps of a long training, from the first to the last', () => {
    let now = 0;
    const thinning = new ProgressThinning(() => now);
    const passed: number[] = [];
    for (let step = 1; step <= 100_000; step++) {
      now += 1_000;
      if (thinning.take({ step, total: 100_000, loss: 1 }) !== undefined) passed.push(step);
    }
    expect(passed[0]).toBe(1);
    expect(passed.length).toBeGreaterThan(50);
    expect(passed.length).toBeLessThanOrEqual(101);
    expect(thinning.takeHeld()).toEqual({ step: 100_000, total: 100_000, loss: 1 });
    expect(thinning.takeHeld()).toBeUndefined();
  });

  it('is bounded whatever a trainer says for three days, and never goes back', () => {
    const said = fc.array(fc.tuple(fc.nat(3_000), fc.nat(50), fc.nat(60_000)), {
      minLength: 4_000,
      maxLength: 5_000,
    });
    fc.assert(
      fc.property(said, (updates) => {
        let now = 0;
        const thinning = new ProgressThinning(() => now);
        const passed: number[] = [];
        for (const [step, total, ms] of updates) {
          now = Math.min(now + ms, 3 * DAY_MS);
          if (thinning.take({ step, total, loss: null }) !== undefined) passed.push(step);
        }
        expect(passed.length).toBeLessThan(900);
        expect(passed).toEqual(passed.toSorted((one, other) => one - other));
      }),
      { numRuns: 10 },
    );
  });

  it('has the loss of every evaluation that is told beside the step, also of the one after the last step', () => {
    let now = 0;
    const thinning = new ProgressThinning(() => now);
    const passed: (number | null | undefined)[][] = [];
    const say = (step: number, evaluationLoss?: number) => {
      const told = { step, total: 500, loss: evaluationLoss === undefined ? step / 1_000 : null };
      const news = thinning.take({ ...told, ...(evaluationLoss !== undefined && { evaluationLoss }) });
      if (news !== undefined) passed.push([news.step, news.loss, news.evaluationLoss]);
    };
    // As Hugging Face's Trainer does: the loss every ten steps, an evaluation every hundred.
    for (let step = 10; step <= 500; step += 10) {
      now += 3_000;
      say(step);
      if (step % 100 === 0) say(step, step);
    }
    expect(passed.filter(([, , evaluationLoss]) => evaluationLoss !== undefined)).toEqual(
      [110, 210, 310, 410].map((step) => [step, step / 1_000, step - 10]),
    );
    expect(thinning.takeHeld()).toEqual({ step: 500, total: 500, loss: 0.5, evaluationLoss: 500 });
    expect(thinning.takeHeld()).toBeUndefined();
  });

  it('has the loss and the evaluation of a last step that was held back', () => {
    const thinning = new ProgressThinning(() => 0);
    expect(thinning.take({ step: 1, total: 2, loss: 2 })).toEqual({ step: 1, total: 2, loss: 2 });
    expect(thinning.take({ step: 2, total: 2, loss: 1 })).toBeUndefined();
    expect(thinning.take({ step: 2, total: 2, loss: null, evaluationLoss: 3 })).toBeUndefined();
    expect(thinning.takeHeld()).toEqual({ step: 2, total: 2, loss: 1, evaluationLoss: 3 });
  });
});
