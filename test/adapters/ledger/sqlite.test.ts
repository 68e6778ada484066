import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { ledgerContract } from '../../domain/ledger-contract.ts';

ledgerContract('an SQLite file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ledger-'));
  return {
    open: () => openSqliteLedger({ file: join(directory, 'ledger.sqlite') }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
});
