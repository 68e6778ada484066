import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createExampleReader } from './adapters/files/example-reader.ts';
import { processIdOf } from './adapters/files/process-id.ts';
import { openVault } from './adapters/files/vault.ts';
import { openWorkspace } from './adapters/files/workspace.ts';
import type { Adapters, Settings } from './bot/adapters.ts';
import { createBot } from './bot/bot.ts';
import { ownershipTiming } from './bot/processes/ownership.ts';
import type { Configuration } from './configuration.ts';
import type { Ledger } from './domain/ledger.ts';
import type { Log, SoundDecoder, Workspace } from './domain/ports.ts';
import type { Bot } from './domain/surface.ts';
import { type Opening, type TellUpgrade, withLedger } from './opening.ts';
import { openReadModels, type ReadModels } from './projections/projector.ts';
import { openProviders } from './providers.ts';
import { untilAvailable } from './waiting.ts';

/** After the program was told to stop. */
const MAX_CLOSING_MS = 3_000;

/** Each of these opens what the next one needs, and closes it again however the work ends. */
export function withReadModels<T>(
  configuration: Configuration,
  work: (opened: { readonly ledger: Ledger; readonly readModels: ReadModels }) => Promise<T>,
  opening: Opening = {},
): Promise<T> {
  const file = join(configuration.dataDir, 'read-models.sqlite');
  const workOnLedger = async (ledger: Ledger) => {
    const readModels = await untilAvailable(opening.waiting, () => openReadModels({ file, ledger }));
    try {
      return await work({ ledger, readModels });
    } finally {
      await readModels.close();
    }
  };
  return withLedger(configuration, workOnLedger, opening);
}

/** Where files are that several processes may share. */
function sharedPlace({ sharedDir, dataDir }: Configuration) {
  return { directory: sharedDir ?? dataDir, isShared: sharedDir !== undefined };
}

export function workspaceOf(configuration: Configuration): Workspace {
  const { directory, isShared } = sharedPlace(configuration);
  return openWorkspace(directory, { isShared });
}

export interface BotOptions {
  readonly configuration: Configuration;
  readonly instructions: Settings['instructions'];
  /** Closes the bot early, so that what waits for a job ends. */
  readonly stop: AbortSignal;
  /** Told of what should never happen. */
  readonly reportFault: Adapters['reportFault'];
  /** None where nothing is heard there. */
  readonly soundDecoder?: SoundDecoder | null;
  /** Told of what goes wrong elsewhere and concerns nobody but the operator. */
  readonly log?: Log;
  readonly tellUpgrade?: TellUpgrade;
  /** Told where the ledger's server is away; then it is waited for. Without this, that is an error. */
  readonly tellAway?: (sentence: string) => void;
}

export interface OpenBot {
  readonly bot: Bot;
  readonly workspace: Workspace;
  readonly ledger: Ledger;
  readonly readModels: ReadModels;
  readonly transcriber: Adapters['transcriber'];
}

export function withBot<T>(
  {
    configuration,
    instructions,
    stop,
    reportFault,
    log,
    soundDecoder = null,
    tellUpgrade,
    tellAway,
  }: BotOptions,
  work: (opened: OpenBot) => Promise<T>,
): Promise<T> {
  const workWithBot = async (opened: Pick<OpenBot, 'ledger' | 'readModels'>) => {
    const { dataDir, commandPrefix, contextTurns, conversationGapMinutes, locale } = configuration;
    const { directory, isShared } = sharedPlace(configuration);
    const vault = openVault(join(directory, 'vault'), { isShared });
    const workspace = workspaceOf(configuration);
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
        process: {
          id: processIdOf(dataDir),
          isAlone: configuration.ledgerUrl === undefined,
          timing: ownershipTiming(configuration.takeoverSeconds * 1_000),
        },
        soundDecoder,
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
  return withReadModels(configuration, workWithBot, {
    ...(tellUpgrade && { tellUpgrade }),
    // A file does not come back by itself.
    ...(tellAway && configuration.ledgerUrl !== undefined && { waiting: { tell: tellAway, stop } }),
  });
}
