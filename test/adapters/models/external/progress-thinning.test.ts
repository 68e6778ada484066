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
      if (thinning.passes({ step, total: 100_000, loss: 1 })) passed.push(step);
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
          if (thinning.passes({ step, total, loss: null })) passed.push(step);
        }
        expect(passed.length).toBeLessThan(900);
        expect(passed).toEqual(passed.toSorted((one, other) => one - other));
      }),
      { numRuns: 10 },
    );
  });
});
