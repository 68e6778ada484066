import { describe, it } from 'vitest';
import { expectEverythingInTheLedger } from './derived.ts';

describe('everything is in the ledger', () => {
  it('so without the read models every question is answered as before, to the byte', async () => {
    await expectEverythingInTheLedger({ runs: 1, sittings: 2, lines: 12, inProcesses: false });
  });
});
