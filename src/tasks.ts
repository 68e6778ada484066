import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { runConsole } from './adapters/console/console.ts';
import { jsonForm, plainForm } from './adapters/console/forms.ts';
import { incomingCommand } from './adapters/console/incoming.ts';
import { Output } from './adapters/console/output.ts';
import { copyLedger } from './adapters/ledger/copy.ts';
import { ledgerPlace } from './adapters/ledger/ledger-place.ts';
import { exportLedgerToFile, importLedgerFromFile } from './adapters/ledger/transfer.ts';
import { verifyLedger } from './adapters/ledger/verification.ts';
import { readWhole } from './adapters/ledger/whole.ts';
import { DEFAULT_SPEAKER, type Invocation, type Task } from './command-line.ts';
import { type Configuration, loadConfiguration } from './configuration.ts';
import type { Ledger } from './domain/ledger.ts';
import { Refusal } from './domain/refusal.ts';
import { loadInstructions } from './instructions.ts';
import {
  ledgerFile,
  makeDataDirectory,
  requireLedger,
  type TellUpgrade,
  withLedger,
  withLock,
} from './opening.ts';
import type { ReadModels } from './projections/projector.ts';
import type { ServingOptions } from './serving.ts';
import type { ResolvedSetting } from './settings.ts';
import { configurationOfShard, ownShard, superviseShards } from './shards.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/**
 * Does what the program was started for.
 * @param stop fires when the program is to end soon
 * @returns whether it was done; where it was not, that is printed already
 * @throws UsageError where it was started the wrong way, Refusal or another error where it cannot be done
 */
export async function perform(
  { task, flags }: Invocation,
  surroundings: Surroundings,
  stop: AbortSignal,
): Promise<{ readonly isDone: boolean }> {
  const { env, cwd, stdout } = surroundings;
  if (task.kind === 'print') return print(task.text, stdout);
  const { values, settings } = loadConfiguration(flags, env, cwd());
  if (task.kind === 'config') return print(settings.map(settingLine).join(''), stdout);
  if (task.kind === 'console') return converse(values, task, { surroundings, stop });
  if (task.kind === 'start') return start(values, { surroundings, stop });
  if (task.kind === 'discord invite') return print(await invite(values), stdout);
  if (task.kind === 'ledger copy') return print(await copy(values, task), stdout);
  if (task.kind === 'ledger import') makeDataDirectory(values);
  else requireLedger(values);
  if (task.kind === 'history') return history(values, task, { surroundings, stop });
  return print(await result(values, task, surroundings), stdout);
}

interface Course {
  readonly surroundings: Surroundings;
  readonly stop: AbortSignal;
}

const DONE = { isDone: true };

type TaskOf<Kind extends Task['kind']> = Extract<Task, { kind: Kind }>;

async function start(configuration: Configuration, course: Course): Promise<typeof DONE> {
  const { discordToken } = configuration;
  if (discordToken === undefined) {
    return converse(
      configuration,
      { kind: 'console', json: false, ids: false, speaker: DEFAULT_SPEAKER },
      course,
    );
  }
  const { env, stderr: logOutput } = course.surroundings;
  const running = { logOutput, stop: course.stop };
  const shard = ownShard(env);
  if (shard !== null) await serve(configurationOfShard(configuration, shard), discordToken, running);
  else if (configuration.discordShards === undefined) await serve(configuration, discordToken, running);
  else await superviseShards(configuration, discordToken, running);
  return DONE;
}

async function invite({ discordToken, discordApiUrl }: Configuration): Promise<string> {
  if (discordToken !== undefined) {
    const { describeInvite } = await import('./adapters/discord/invite.ts');
    return describeInvite(discordToken, discordApiUrl);
  }
  throw new UsageError(
    'DISCORD_TOKEN is not set, and the link is made for the bot that it belongs to; set it in the environment or in .env.',
  );
}

async function serve(
  configuration: Configuration,
  token: string,
  running: Pick<ServingOptions, 'logOutput' | 'stop'>,
): Promise<void> {
  const instructions = await instructionsOf(configuration);
  makeDataDirectory(configuration);
  // What only Discord needs takes half a second to load, which nobody at the console is to wait for.
  const { serveDiscord } = await import('./serving.ts');
  return serveDiscord({ configuration, instructions, token, ...running });
}

async function converse(
  configuration: Configuration,
  { json, ids, speaker }: TaskOf<'console'>,
  { surroundings: { stdin: input, stdout: output, stderr }, stop: signal }: Course,
): Promise<typeof DONE> {
  const instructions = await instructionsOf(configuration);
  makeDataDirectory(configuration);
  const told = {
    reportFault: reportFaults(configuration, stderr),
    tellUpgrade: tellUpgradeOn(stderr),
    tellAway: (sentence: string) => void stderr.write(`${sentence}\n`),
  };
  const { withBot } = await openingBot();
  await withBot({ configuration, instructions, stop: signal, ...told }, ({ bot }) =>
    runConsole({
      bot,
      speaker: { name: speaker, givesIds: ids },
      language: configuration.locale,
      json,
      input,
      output,
      signal,
    }),
  );
  return DONE;
}

type TaskWithResult = Exclude<
  Task,
  TaskOf<'print' | 'config' | 'start' | 'console' | 'discord invite' | 'ledger copy' | 'history'>
>;

/** What is to be printed in the end. */
async function result(
  configuration: Configuration,
  task: TaskWithResult,
  { stderr }: Surroundings,
): Promise<string> {
  const tellUpgrade = tellUpgradeOn(stderr);
  switch (task.kind) {
    case 'ledger verify': {
      if (configuration.ledgerUrl !== undefined) return withLedger(configuration, verifyServer);
      const found = await withLock(configuration, () => verifyLedger(ledgerFile(configuration)));
      if (!found.ok) throw new Refusal(found.problem);
      const { events, streams, hash } = found;
      return `The ledger is sound: ${count(events)} in ${streams} streams, hash ${hash}.\n`;
    }
    case 'ledger export': {
      const file = resolve(task.file);
      const write = (ledger: Ledger) => exportLedgerToFile(ledger, file);
      const { events } = await withLedger(configuration, write, { tellUpgrade });
      return `Exported ${count(events)} to ${file}.\n`;
    }
    case 'ledger import': {
      if (configuration.ledgerUrl !== undefined) throw new Refusal(IMPORT_NEEDS_A_FILE);
      const file = resolve(task.file);
      const { events } = await withLock(configuration, () =>
        importLedgerFromFile(ledgerFile(configuration), file),
      );
      return `Imported ${count(events)} from ${file}.\n`;
    }
    case 'projections rebuild': {
      const { withReadModels } = await openingBot();
      const rebuild = ({ readModels }: { readonly readModels: ReadModels }) => readModels.rebuild();
      const { events } = await withReadModels(configuration, rebuild, { tellUpgrade });
      return `Built the read models anew from ${count(events)}.\n`;
    }
  }
}

/** Takes most of the time that a start takes, and much is done without it. */
function openingBot() {
  return import('./opening-bot.ts');
}

const IMPORT_NEEDS_A_FILE =
  'ledger import makes a ledger file, but LEDGER_URL is set; import without it into a new --data-dir and then use ledger copy.';

async function verifyServer(ledger: Ledger): Promise<string> {
  const { events, streams, hash } = await readWhole(ledger);
  return `Every event can be read: ${count(events)} in ${streams} streams, SHA-256 of their export ${hash}. The server keeps no chain of hashes, so this does not tell whether somebody changed an event there; compare it with an export that you trust.\n`;
}

async function copy({ ledgerUrl }: Configuration, { from, to }: TaskOf<'ledger copy'>): Promise<string> {
  const source = ledgerPlace(from, ledgerUrl);
  const target = ledgerPlace(to, ledgerUrl);
  const { events, copied } = await copyLedger(source, target);
  const verified = `all ${count(events)} are the same in both`;
  return `Copied ${count(copied)} from ${source.shown} to ${target.shown}; ${verified}.\n`;
}

async function history(
  configuration: Configuration,
  { options, json }: TaskOf<'history'>,
  { surroundings: { stdout, stderr }, stop }: Course,
): Promise<{ readonly isDone: boolean }> {
  const incoming = incomingCommand('history', options, DEFAULT_SPEAKER);
  const instructions = await instructionsOf(configuration);
  const { withBot } = await openingBot();
  const told = { reportFault: reportFaults(configuration, stderr), tellUpgrade: tellUpgradeOn(stderr) };
  const reply = await withBot({ configuration, instructions, stop, ...told }, ({ bot }) => bot.run(incoming));
  if (!reply.ok && !json) throw new Refusal(reply.text);
  await print((json ? jsonForm : plainForm).reply(reply), stdout);
  return { isDone: reply.ok };
}

function reportFaults({ trainers: { secrets } }: Configuration, stderr: Surroundings['stderr']) {
  return (fault: unknown): void => {
    const shown = secrets.reduce((text, secret) => text.replaceAll(secret, '********'), inspect(fault));
    stderr.write(`${shown}\n`);
  };
}

function tellUpgradeOn(stderr: Surroundings['stderr']): TellUpgrade {
  return ({ file, events, kept }) =>
    void stderr.write(
      `${file} was written by an earlier version and has been upgraded with all of its ${events} events; the old file is kept as ${kept}.\n`,
    );
}

function instructionsOf({ instructionsFile }: Configuration) {
  return loadInstructions(instructionsFile);
}

async function print(text: string, stdout: Surroundings['stdout']): Promise<typeof DONE> {
  const output = new Output(stdout);
  await output.write(text);
  if (output.failure !== null) throw output.failure;
  return DONE;
}

function settingLine({ variable, shown, source }: ResolvedSetting): string {
  return `${variable}=${shown} (${source})\n`;
}

function count(events: number): string {
  return events === 1 ? '1 event' : `${events} events`;
}
