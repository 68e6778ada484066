import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { audioSettings } from './adapters/audio/settings.ts';
import { externalTrainerSettings } from './adapters/models/external/settings.ts';
import { readEndpoints } from './adapters/models/openai/named-endpoints.ts';
import { openAiSettings } from './adapters/models/openai/settings.ts';
import { languageTags } from './domain/languages/languages.ts';
import {
  type Resolved,
  type ResolvedSetting,
  resolveSettings,
  type SettingDescription,
  settingDescriptions,
  type Variables,
} from './settings.ts';
import { chooseTrainers, type TrainerChoices } from './trainer-choices.ts';
import { UsageError } from './usage-error.ts';

const logLevels = ['error', 'warn', 'info', 'silent'] as const;
const MAX_CONTEXT_TURNS = 100;
const MIN_TAKEOVER_SECONDS = 3;
const MAX_TAKEOVER_SECONDS = 3_600;
const MAX_SHARDS = 1_000;
const MAX_GAP_MINUTES = 7 * 24 * 60;
const MAX_IDLE_MINUTES = 24 * 60;

export const ourSettings = {
  /** Absolute. */
  dataDir: described(PathText().default('./data').transform(toAbsolute), {
    variable: 'DATA_DIR',
    purpose: 'the directory of everything that is kept',
    allowed: 'the path of a directory',
  }),
  ledgerUrl: described(
    z
      .string()
      .regex(/^(esdb(\+discover)?:\/\/\S+)?$/)
      .transform((url) => (url === '' ? undefined : url))
      .optional(),
    {
      variable: 'LEDGER_URL',
      purpose: 'the EventStoreDB or KurrentDB that holds the ledger; a file in DATA_DIR where it is not set',
      allowed: 'esdb://HOST:PORT or esdb+discover://NAME',
      secret: true,
    },
  ),
  /** Absolute. */
  sharedDir: described(PathText().transform(toAbsolute).optional(), {
    variable: 'SHARED_DIR',
    purpose:
      'the directory of what bots with one ledger share: datasets, models and files; DATA_DIR where it is not set',
    allowed: 'the path of a directory',
  }),
  takeoverSeconds: described(WholeNumber(MIN_TAKEOVER_SECONDS, MAX_TAKEOVER_SECONDS).default(60), {
    variable: 'TAKEOVER_SECONDS',
    purpose:
      'after how many seconds without a sign of life the other bots of a ledger take over the training jobs of one',
    allowed: `a whole number from ${MIN_TAKEOVER_SECONDS} to ${MAX_TAKEOVER_SECONDS}`,
  }),
  commandPrefix: described(
    z
      .string()
      .regex(/^\S+$/u)
      .refine((prefix) => !/\p{Cc}/u.test(prefix))
      .default('!'),
    {
      variable: 'COMMAND_PREFIX',
      purpose: 'what a line starts with to be a command',
      allowed: 'at least one character and no white space',
    },
  ),
  /** Of a conversation, sent to the model with a new question. */
  contextTurns: described(WholeNumber(0, MAX_CONTEXT_TURNS).default(6), {
    variable: 'CONTEXT_TURNS',
    purpose: 'how many earlier turns of the conversation are sent along with a question',
    allowed: `a whole number from 0 to ${MAX_CONTEXT_TURNS}`,
  }),
  conversationGapMinutes: described(WholeNumber(1, MAX_GAP_MINUTES).default(30), {
    variable: 'CONVERSATION_GAP_MINUTES',
    purpose: 'after how many minutes of silence a new conversation begins',
    allowed: `a whole number from 1 to ${MAX_GAP_MINUTES}`,
  }),
  /** Absolute. */
  instructionsFile: described(PathText().transform(toAbsolute).optional(), {
    variable: 'INSTRUCTIONS_FILE',
    purpose: "the text that the instruction command shows instead of the program's own",
    allowed: 'the path of a text file',
  }),
  discordToken: described(
    z
      .string()
      .regex(/^[!-~]*$/)
      .transform((token) => (token === '' ? undefined : token))
      .optional(),
    {
      variable: 'DISCORD_TOKEN',
      purpose: "the bot's token; where it is set, the program runs on Discord",
      allowed: "the bot's token, without spaces",
      secret: true,
    },
  ),
  /** Without the version. */
  discordApiUrl: described(Url().default('https://discord.com/api').transform(withoutVersion), {
    variable: 'DISCORD_API_URL',
    purpose: "where Discord's API, or another server's that speaks it, is found",
    allowed: 'an http or https URL',
  }),
  discordCdnUrl: described(Url().default('https://cdn.discordapp.com').transform(withoutSlash), {
    variable: 'DISCORD_CDN_URL',
    purpose: "where Discord's file server is found",
    allowed: 'an http or https URL',
  }),
  discordChannels: described(
    z
      .string()
      .regex(/^\s*(\d{1,20}\s*(,\s*\d{1,20}\s*)*)?$/)
      .default('')
      .transform((ids): readonly string[] => ids.match(/\d+/g) ?? []),
    {
      variable: 'DISCORD_CHANNELS',
      purpose:
        'the Discord channels where every message is for the bot, beside those that a server sets itself',
      allowed: 'ids of channels with commas between them',
    },
  ),
  discordShards: described(z.union([z.literal('auto'), WholeNumber(1, MAX_SHARDS)]).optional(), {
    variable: 'DISCORD_SHARDS',
    flag: 'shards',
    purpose: 'how many processes share the guilds, auto for as many as Discord recommends; needs LEDGER_URL',
    allowed: `auto, or a whole number from 1 to ${MAX_SHARDS}`,
  }),
  voice: described(z.enum(['on', 'off']).default('on'), {
    variable: 'VOICE',
    purpose: 'whether the bot speaks in voice channels and understands recordings on Discord',
    allowed: 'on or off',
  }),
  voiceIdleMinutes: described(WholeNumber(1, MAX_IDLE_MINUTES).default(10), {
    variable: 'VOICE_IDLE_MINUTES',
    purpose: 'after how many minutes without a word the bot leaves a voice channel',
    allowed: `a whole number from 1 to ${MAX_IDLE_MINUTES}`,
  }),
  ...describedEach(audioSettings),
  locale: described(z.enum(languageTags).default('en'), {
    variable: 'LOCALE',
    purpose: 'the language spoken where neither the person nor the place has one',
    allowed: languageTags.join(' or '),
  }),
  logLevel: described(z.enum(logLevels).default('info'), {
    variable: 'LOG_LEVEL',
    purpose: 'how much is written to standard error while the bot runs on Discord, a JSON object a line',
    allowed: logLevels.join(', '),
  }),
  metricsPort: described(WholeNumber(1, 65_535).optional(), {
    variable: 'METRICS_PORT',
    purpose: 'the port of /healthz and /metrics while the bot runs on Discord; none where it is not set',
    allowed: 'a port from 1 to 65535',
  }),
  metricsHost: described(z.string().regex(/^\S+$/).default('127.0.0.1'), {
    variable: 'METRICS_HOST',
    purpose: 'the address on which /healthz and /metrics are served',
    allowed: 'an address of this machine, such as 0.0.0.0 for all of them',
  }),
  trainer: described(z.string().regex(/^\S+$/).default('embedded'), {
    variable: 'TRAINER',
    purpose: 'what trains where a place has chosen nothing else by the settings command',
    allowed: 'embedded, openai, external or the name of an endpoint of ENDPOINTS',
  }),
  ...describedEach(openAiSettings),
  /** As it was written. */
  endpoints: described(
    z
      .string()
      .default('{}')
      .check(({ value, issues }) => {
        const read = readEndpoints(value);
        if ('wrong' in read) issues.push({ code: 'custom', message: read.wrong, input: value });
      }),
    {
      variable: 'ENDPOINTS',
      purpose:
        'further servers that speak the same, by name; a key stands in a variable of its own, which is named here',
      allowed:
        'JSON such as {"nebius":{"base_url":"https://api.example/v1","api_key_variable":"NEBIUS_KEY","model":"a-model"}}',
      mayHoldSecrets: true,
    },
  ),
  ...describedEach(externalTrainerSettings),
  trainerEndpoint: described(z.string().regex(/^\S+$/).default('openai'), {
    variable: 'TRAINER_ENDPOINT',
    purpose: 'where what the trainer program makes is served; openai is the server of OPENAI_BASE_URL',
    allowed: 'openai or the name of an endpoint of ENDPOINTS',
  }),
  transcription: described(z.string().regex(/^\S+$/).optional(), {
    variable: 'TRANSCRIPTION',
    purpose: 'which server writes down what is said; that of OPENAI_BASE_URL unless set, where one is set up',
    allowed: 'off, openai or the name of an endpoint of ENDPOINTS',
  }),
};

export type Configuration = Resolved<typeof ourSettings>['values'] & { readonly trainers: TrainerChoices };

/**
 * The configuration that holds, and where each setting comes from.
 * @param directory where `.env` is looked for
 * @throws UsageError
 */
export function loadConfiguration(
  flags: Variables,
  environment: Variables,
  directory: string,
): { readonly values: Configuration; readonly settings: readonly ResolvedSetting[] } {
  const file = readDotEnv(resolve(directory, '.env'));
  const { values, settings } = resolveSettings(ourSettings, { flags, environment, file });
  const given = settings.filter(({ source }) => source !== 'default').map(({ variable }) => variable);
  const trainers = chooseTrainers(values, new Set(given), (name) => environment[name] ?? file[name]);
  return { values: { ...values, trainers }, settings };
}

function readDotEnv(path: string): Variables {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT') return {};
    throw new UsageError(
      `The file .env in this directory cannot be read (${code}); mend it or take it away.`,
    );
  }
}

function described<Schema extends z.ZodType>(schema: Schema, description: SettingDescription): Schema {
  settingDescriptions.add(schema, description);
  return schema;
}

type Described = { readonly schema: z.ZodType } & (
  | SettingDescription
  | { readonly description: SettingDescription }
);

/** The schemas of an adapter's own settings. */
function describedEach<S extends Readonly<Record<string, Described>>>(settings: S) {
  const schemas = Object.entries(settings).map(([name, setting]) => {
    const { schema } = setting;
    return [name, described(schema, 'description' in setting ? setting.description : setting)] as const;
  });
  // Each schema stands under its own name, which the compiler cannot follow.
  return Object.fromEntries(schemas) as { readonly [Name in keyof S]: S[Name]['schema'] };
}

function PathText() {
  return z.string().regex(/^[^\0]+$/);
}

function Url() {
  return z.url({ protocol: /^https?$/ });
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Discord's documentation names it with the version. */
function withoutVersion(url: string): string {
  return withoutSlash(url).replace(/\/v\d+$/, '');
}

function toAbsolute(path: string): string {
  return resolve(path);
}

function WholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most));
}
