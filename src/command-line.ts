import { Command, CommanderError } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import {
  describeSetting,
  flagOf,
  type SettingDescription,
  type Settings,
  type Variables,
} from './settings.ts';
import { UsageError } from './usage-error.ts';

/** What the program is asked to do. */
export type Task =
  | { readonly kind: 'print'; readonly text: string }
  /** Where people are: on Discord where there is a token for it, or else at the console. */
  | { readonly kind: 'start' }
  | { readonly kind: 'console'; readonly json: boolean; readonly ids: boolean; readonly speaker: string }
  | { readonly kind: 'history'; readonly json: boolean; readonly options: Readonly<Record<string, string>> }
  | { readonly kind: 'ledger verify' }
  | { readonly kind: 'ledger export'; readonly file: string }
  | { readonly kind: 'ledger import'; readonly file: string }
  | { readonly kind: 'ledger copy'; readonly from: string; readonly to: string }
  | { readonly kind: 'projections rebuild' }
  | { readonly kind: 'discord invite' }
  | { readonly kind: 'config' };

export interface Invocation {
  readonly task: Task;
  /** Settings given as flags, by variable. */
  readonly flags: Variables;
}

/** Who speaks where `--as` says nothing, the same on every machine. */
export const DEFAULT_SPEAKER = 'operator';

const Speaker = z
  .string()
  .max(64)
  .regex(/\S/u)
  .refine((name) => !/\p{Cc}/u.test(name) && name.isWellFormed());

/**
 * @param argv without the paths of Node and of the program
 * @throws UsageError with one sentence
 */
export function parseCommandLine(argv: readonly string[], version: string, settings: Settings): Invocation {
  let task: Task | null = null;
  let printed = '';
  const program = new Command('training-ledger')
    .description('A bot that a community trains together, and the ledger that accounts for it.')
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => undefined,
    })
    .exitOverride()
    .version(version, '--version', 'print the version')
    .helpOption('--help', 'show help, also of one command');
  const settingFlags = declareSettings(program, settings);
  declareCommands(program, (asked) => {
    task = asked;
  });

  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(explain(error, program));
  }
  return { task: task ?? { kind: 'print', text: printed }, flags: settingFlags() };
}

function declareSettings(program: Command, settings: Settings): () => Variables {
  // A secret on a command line could be read by everyone on the machine.
  const described = Object.values(settings)
    .map(describeSetting)
    .filter(({ secret }) => secret !== true);
  for (const setting of described) {
    program.option(`${flagOf(setting)} <value>`, `${setting.purpose} (${setting.variable})`);
  }
  return () => {
    const given = z.record(z.string(), z.string()).parse(program.opts());
    return Object.fromEntries(described.map((setting) => [setting.variable, given[optionName(setting)]]));
  };
}

/** What the parsed options call a flag: `dataDir` for --data-dir. */
function optionName(setting: SettingDescription): string {
  const name = flagOf(setting).replace(/^--/, '');
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function declareCommands(program: Command, ask: (task: Task) => void): void {
  program
    .command('console', { isDefault: true })
    .description(
      'read commands and questions, a line each (what happens without a command, unless DISCORD_TOKEN is set)',
    )
    .option('--json', 'one JSON object a line for each reply', false)
    .option('--as <name>', 'who is speaking', DEFAULT_SPEAKER)
    .option('--ids', 'each line is "ID TEXT"; the same ID again has the effect of once', false)
    .allowExcessArguments()
    .action(({ json, ids, as }: ConsoleOptions, { args: [unexpected] }: Command) => {
      if (unexpected !== undefined) throw new UsageError(explainUnexpected(unexpected, program));
      if (program.args.length === 0) return ask({ kind: 'start' });
      ask({ kind: 'console', json, ids, speaker: parseSpeaker(as) });
    });
  program
    .command('history')
    .description(
      'the audit: the latest events, or all that an answer, dataset, job, model or member is part of',
    )
    .argument('[id]', 'any unique beginning of an id')
    .option('--before <event>', 'only what came before this event')
    .option('--limit <count>', 'how many lines at the most')
    .option('--json', 'one JSON object', false)
    .action((id: string | undefined, { json, before, limit }: HistoryOptions) => {
      const options = Object.entries({ id, before, limit }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      ask({ kind: 'history', json, options: Object.fromEntries(options) });
    });

  const ledger = program.command('ledger').description('verify, export, import or copy the ledger');
  ledger
    .command('verify')
    .description('check every event of the ledger')
    .action(() => ask({ kind: 'ledger verify' }));
  ledger
    .command('export')
    .description('write the ledger into a file of JSON Lines')
    .argument('<file>')
    .action((file: string) => ask({ kind: 'ledger export', file }));
  ledger
    .command('import')
    .description('read an exported file into an empty ledger')
    .argument('<file>')
    .action((file: string) => ask({ kind: 'ledger import', file }));
  ledger
    .command('copy')
    .description('copy a ledger into an empty one, or go on with a copy, and compare every event')
    .argument(
      '<from>',
      'a data directory, a ledger file, or the word LEDGER_URL for the server that it names',
    )
    .argument('<to>')
    .action((from: string, to: string) => ask({ kind: 'ledger copy', from, to }));

  program
    .command('projections')
    .description('rebuild the read models')
    .command('rebuild')
    .description('build the read models anew from the ledger')
    .action(() => ask({ kind: 'projections rebuild' }));
  program
    .command('discord')
    .description('print the link that invites the bot')
    .command('invite')
    .description('print the link that brings the bot into a server, and the permissions that it asks for')
    .action(() => ask({ kind: 'discord invite' }));
  program
    .command('config')
    .description('print the effective configuration, and where each setting comes from')
    .action(() => ask({ kind: 'config' }));
}

interface ConsoleOptions {
  readonly json: boolean;
  readonly ids: boolean;
  readonly as: string;
}

interface HistoryOptions {
  readonly json: boolean;
  readonly before?: string;
  readonly limit?: string;
}

function parseSpeaker(name: string): string {
  const speaker = Speaker.safeParse(name);
  if (speaker.success) return speaker.data;
  throw new UsageError('The name given with --as must have 1 to 64 characters and no control characters.');
}

const HINT = 'training-ledger --help shows what there is';

/** A word that is no command at all, or a command behind flags that belong to it. */
function explainUnexpected(word: string, program: Command): string {
  const commands = program.commands.map((command) => command.name());
  if (commands.includes(word)) return `The command ${word} must come before its own flags; ${HINT}.`;
  const nearest = closest(word, commands);
  const hint = distance(word, nearest) <= 3 ? `did you mean ${nearest}?` : `${HINT}.`;
  return `Unknown command '${word}'; ${hint}`;
}

function explain(error: CommanderError, program: Command): string {
  if (error.code === 'commander.help') return `A word is missing after '${program.args.join(' ')}'; ${HINT}.`;
  const [, what = error.message, suggestion] =
    /^error: (.*?)\.?(?:\n\(Did you mean (.*)\?\))?$/su.exec(error.message) ?? [];
  const sentence = `${what.charAt(0).toUpperCase()}${what.slice(1)}`
    .replace('. Expected', ': expected')
    .replaceAll('\n', ' ');
  return suggestion === undefined ? `${sentence}; ${HINT}.` : `${sentence}; did you mean ${suggestion}?`;
}
