import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomSession, sittings } from './random-session.ts';
import { expectDatasetsReproducible, KIRITIMATI, NEWFOUNDLAND } from './reproducible.ts';
import { temporaryDirectory } from './talk.ts';

describe('datasets', () => {
  it('of random talks are built again to the byte from the ledger alone, anywhere', async () => {
    let datasets = 0;
    const property = fc.asyncProperty(sittings(4, 60), async (people) => {
      const session = new RandomSession(temporaryDirectory());
      for (const sitting of people) await session.sit(sitting);
      const places = [{}, KIRITIMATI, NEWFOUNDLAND];
      datasets += (await expectDatasetsReproducible(session.directory, places)).length;
    });
    await fc.assert(property, { numRuns: 3, endOnFailure: true });
    expect(datasets).toBeGreaterThan(0);
  }, 900_000);
});
