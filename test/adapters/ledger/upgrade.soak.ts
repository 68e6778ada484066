import { expect, it } from 'vitest';
import { killDuringUpgrade } from './killed-upgrades.ts';

it('a ledger of the first release is there as a whole, old or new, whichever step of its upgrade was the last', async () => {
  await killDuringUpgrade(1, () => 0);

  expect.hasAssertions();
}, 600_000);
