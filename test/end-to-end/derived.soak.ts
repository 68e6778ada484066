import { describe, it } from 'vitest';
import { expectEverythingInTheLedger } from './derived.ts';

describe('everything is in the ledger', () => {
  it('so without the read models every question is answered as before, after long talks too', async () => {
    await expectEverythingInTheLedger({ runs: 4, sittings: 6, lines: 80, inProcesses: true });
  }, 900_000);
});
