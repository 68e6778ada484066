import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Ledger } from '../../domain/ledger.ts';
import { Refusal } from '../../domain/refusal.ts';
import { parseServerAddress } from './eventstoredb/server-address.ts';
import { lockDataDirectory } from './lock.ts';
import { openSqliteLedger } from './sqlite.ts';

/** Where a ledger is kept. */
export interface LedgerPlace {
  /** For people, without a password. */
  readonly shown: string;
  /** Whether what is appended without waiting is kept in that order. */
  readonly keepsOrder: boolean;
  exists(): boolean;
  /** Keeps other processes away from a file. @throws Refusal in one sentence */
  use<T>(work: (ledger: Ledger) => Promise<T>): Promise<T>;
}

/** The word for the server that the setting names, as a password on the command line could be read by others. */
const SETTING = 'LEDGER_URL';

/**
 * @param place a data directory, a ledger file, a connection string, or the name of the setting that holds one
 * @throws Refusal in one sentence
 */
export function ledgerPlace(place: string, ledgerUrl: string | undefined): LedgerPlace {
  if (place === SETTING && ledgerUrl === undefined) {
    throw new Refusal(`${SETTING} is not set; set it in the environment or in .env.`);
  }
  const url = place === SETTING ? ledgerUrl : place;
  if (url !== undefined && /^esdb(\+discover)?:\/\//.test(url)) return onServer(url);
  const path = resolve(place);
  return inFile(existsSync(path) && statSync(path).isDirectory() ? join(path, 'ledger.sqlite') : path);
}

function onServer(url: string): LedgerPlace {
  return {
    shown: parseServerAddress(url).shown,
    keepsOrder: false,
    exists: () => true,
    use: async (work) => {
      const { openEventStoreDBLedger } = await import('./eventstoredb.ts');
      const ledger = await openEventStoreDBLedger(url);
      return work(ledger).finally(() => ledger.close());
    },
  };
}

function inFile(file: string): LedgerPlace {
  return {
    shown: file,
    keepsOrder: true,
    exists: () => existsSync(file),
    use: async (work) => {
      const directory = dirname(file);
      if (!existsSync(directory)) throw new Refusal(`There is no directory ${directory}; make it first.`);
      const lock = lockDataDirectory(directory);
      try {
        const ledger = await openSqliteLedger({ file });
        return await work(ledger).finally(() => ledger.close());
      } finally {
        lock.release();
      }
    },
  };
}
