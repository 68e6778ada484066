import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killAgainAndAgain } from './crashes.ts';
import { makeDirectory } from './ledger-files.ts';

it('holds exactly once whatever was acknowledged before the process was killed', async () => {
  await using directory = await makeDirectory();

  await killAgainAndAgain(join(directory.path, 'ledger.sqlite'), 3, Math.random);

  expect.hasAssertions();
}, 60_000);
