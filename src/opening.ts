import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createExampleReader } from './adapters/files/example-reader.ts';
import { openVault } from './adapters/files/vault.ts';
import { openWorkspace } from './adapters/files/workspace.ts';
import { lockDataDirectory } from './adapters/ledger/lock.ts';
import { openSqliteLedger, type Upgrade } from './adapters/ledger/sqlite.ts';
import type { Adapters, Settings } from './bot/adapters.ts';
import { createBot } from './bot/bot.ts';
import type { Configuration } from './configuration.ts';
import type { Ledger } from './domain/ledger.ts';
import type { Log, Workspace } from './domain/ports.ts';
import { Refusal } from './domain/refusal.ts';
import type { Bot } from './domain/surface.ts';
import { openReadModels, type ReadModels } from './projections/projector.ts';
import { openProviders } from './providers.ts';

/** After the program was told to stop. */
const MAX_CLOSING_MS = 3_000;

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

function sayUpgrade({ file, events, kept }: Upgrade): void {
  process.stderr.write(
    `${file} was written by an earlier version and has been upgraded with all of its ${events} events; the old file is kept as ${kept}.\n`,
  );
}

/** Each of these opens what the next one needs, and closes it again however the work ends. */
export function withLedger<T>(
  configuration: Configuration,
  work: (ledger: Ledger) => Promise<T>,
  tellUpgrade: TellUpgrade = sayUpgrade,
): Promise<T> {
  return withLock(configuration, async () => {
    const ledger = await openSqliteLedger({ file: ledgerFile(configuration), tellUpgrade });
    try {
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  });
}

export function withReadModels<T>(
  configuration: Configuration,
  work: (opened: { readonly ledger: Ledger; readonly readModels: ReadModels }) => Promise<T>,
  tellUpgrade?: TellUpgrade,
): Promise<T> {
  const file = join(configuration.dataDir, 'read-models.sqlite');
  const workOnLedger = async (ledger: Ledger) => {
    const readModels = await openReadModels({ file, ledger });
    try {
      return await work({ ledger, readModels });
    } finally {
      await readModels.close();
    }
  };
  return withLedger(configuration, workOnLedger, tellUpgrade);
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

/** What only reads makes nothing new. @throws Refusal where there is no ledger */
export function requireLedger(configuration: Configuration): void {
  if (existsSync(ledgerFile(configuration))) return;
  throw new Refusal(`There is no ledger in ${configuration.dataDir}; check --data-dir.`);
}

export interface BotOptions {
  readonly configuration: Configuration;
  readonly instructions: Settings['instructions'];
  /** Closes the bot early, so that what waits for a job ends. */
  readonly stop: AbortSignal;
  /** Told of what should never happen. */
  readonly reportFault: (fault: unknown) => void;
  /** Told of what goes wrong elsewhere and concerns nobody but the operator. */
  readonly log?: Log;
  /** Says it in a sentence on standard error where it is left out. */
  readonly tellUpgrade?: TellUpgrade;
}

export interface OpenBot {
  readonly bot: Bot;
  readonly workspace: Workspace;
  readonly ledger: Ledger;
  readonly readModels: ReadModels;
  readonly transcriber: Adapters['transcriber'];
}

export function withBot<T>(
  { configuration, instructions, stop, reportFault, log, tellUpgrade }: BotOptions,
  work: (opened: OpenBot) => Promise<T>,
): Promise<T> {
  const workWithBot = async (opened: Pick<OpenBot, 'ledger' | 'readModels'>) => {
    const { dataDir, commandPrefix, contextTurns, conversationGapMinutes, locale } = configuration;
    const vault = openVault(join(dataDir, 'vault'));
    const workspace = openWorkspace(dataDir);
    const needs = { vault, readModels: opened.readModels, ...(log !== undefined && { log }) };
    const { providers, transcriber } = await openProviders(configuration, needs);
    const bot = await createBot(
      {
        ...opened,
        clock: { now: () => new Date() },
        vault,
        workspace,
        exampleReader: createExampleReader(),
        providers,
        transcriber,
        reportFault,
      },
      { prefix: commandPrefix, contextTurns, conversationGapMinutes, instructions, language: locale },
    );
    // Whatever goes wrong here goes wrong again below, where it is told.
    stop.addEventListener('abort', () => bot.close().catch(() => undefined), { once: true });
    try {
      return await work({ ...opened, bot, workspace, transcriber });
    } finally {
      // What a model is still thinking about when everything has to end is taken up again at the next start.
      await Promise.race([
        bot.close(),
        ...(stop.aborted ? [pause(MAX_CLOSING_MS, undefined, { ref: false })] : []),
      ]);
    }
  };
  return withReadModels(configuration, workWithBot, tellUpgrade);
}
