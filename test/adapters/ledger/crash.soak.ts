import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killAgainAndAgain } from './crashes.ts';
import { makeDirectory } from './ledger-files.ts';

const LEDGERS = 10;
const KILLS_EACH = 25;

it('holds exactly once whatever was acknowledged before the process was killed, hundreds of times', async () => {
  for (let turn = 0; turn < LEDGERS; turn++) {
    await using directory = await makeDirectory();

    await killAgainAndAgain(join(directory.path, 'ledger.sqlite'), KILLS_EACH, Math.random);
  }

  expect.hasAssertions();
}, 600_000);
