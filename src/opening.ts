import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lockDataDirectory } from './adapters/ledger/lock.ts';
import { openSqliteLedger, type Upgrade } from './adapters/ledger/sqlite.ts';
import type { Configuration } from './configuration.ts';
import type { Ledger } from './domain/ledger.ts';
import { Refusal } from './domain/refusal.ts';
import { untilAvailable, type Waiting } from './waiting.ts';

/**
 * Keeps other processes away from the data directory during the work.
 * @throws Refusal where another one uses it
 */
export async function withLock<T>({ dataDir }: Configuration, work: () => Promise<T>): Promise<T> {
  const lock = lockDataDirectory(dataDir);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Told where the ledger was written by an earlier version and has been upgraded. */
export type TellUpgrade = (upgrade: Upgrade) => void;

export interface Opening {
  readonly tellUpgrade?: TellUpgrade;
  /** A ledger that is away is waited for; where this is left out, that is an error. */
  readonly waiting?: Waiting;
}

/** Opens the ledger, and closes it again however the work ends. */
export function withLedger<T>(
  configuration: Configuration,
  work: (ledger: Ledger) => Promise<T>,
  { tellUpgrade, waiting }: Opening = {},
): Promise<T> {
  const { ledgerUrl } = configuration;
  return withLock(configuration, async () => {
    const ledger = await untilAvailable(waiting, async () =>
      ledgerUrl === undefined
        ? openSqliteLedger({ file: ledgerFile(configuration), ...(tellUpgrade && { tellUpgrade }) })
        : openServer(ledgerUrl),
    );
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  });
}

async function openServer(url: string): Promise<Ledger> {
  // What only a server needs takes long to load, and most ledgers are files.
  const { openEventStoreDBLedger } = await import('./adapters/ledger/eventstoredb.ts');
  return openEventStoreDBLedger(url);
}

export function ledgerFile({ dataDir }: Configuration): string {
  return join(dataDir, 'ledger.sqlite');
}

/** @throws Refusal where the directory cannot be made */
export function makeDataDirectory({ dataDir }: Configuration): void {
  try {
    makeDirectory(dataDir);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(`The data directory ${dataDir} cannot be made (${reason}); choose another --data-dir.`);
  }
}

/** Node's own `recursive` never returns where a parent exists and takes no directory, as in /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  mkdirSync(path);
}

/** What only reads makes no ledger. @throws Refusal where there is none */
export function requireLedger(configuration: Configuration): void {
  if (configuration.ledgerUrl !== undefined) {
    makeDataDirectory(configuration);
    return;
  }
  if (existsSync(ledgerFile(configuration))) return;
  throw new Refusal(`There is no ledger in ${configuration.dataDir}; check --data-dir.`);
}
