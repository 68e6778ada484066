import { configurationOf, readEndpoints } from './adapters/models/openai/named-endpoints.ts';
import type { OpenAiConfiguration } from './adapters/models/openai/settings.ts';
import { UsageError } from './usage-error.ts';

/** What trains and answers here, as the settings choose it. */
export interface TrainerChoices {
  /** The trainer of a place that has chosen none. */
  readonly usual: string;
  /** Servers that train and answer, by the name of their trainer. */
  readonly servers: Readonly<Record<string, OpenAiConfiguration>>;
  readonly program: TrainerProgram | null;
  /** The server that writes down what is said. */
  readonly transcription: OpenAiConfiguration | null;
  /** What must never be seen. */
  readonly secrets: readonly string[];
}

/** A trainer program of the operator's own. */
export interface TrainerProgram {
  /** As it was written. */
  readonly command: string;
  readonly baseModel: string;
  /** What answers before any other was promoted. */
  readonly model: string;
  /** Where what it makes is served. */
  readonly server: OpenAiConfiguration;
}

interface Values extends OpenAiConfiguration {
  readonly trainer: string;
  readonly endpoints: string;
  readonly trainerCommand?: string | undefined;
  readonly trainerEndpoint: string;
  readonly transcription?: string | undefined;
  readonly discordToken?: string | undefined;
}

/** One of these makes the server of OPENAI_BASE_URL one that is used. */
const SETS_UP_OPENAI = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_TRAINING_API_KEY',
  'OPENAI_TRAINING_BASE_URL',
];

/**
 * What the settings mean together.
 * @param given the variables of settings that are set
 * @param readVariable what stands in a variable that an endpoint names
 * @throws UsageError where they do not fit together
 */
export function chooseTrainers(
  values: Values,
  given: ReadonlySet<string>,
  readVariable: (variable: string) => string | undefined,
): TrainerChoices {
  const servers = { ...usualServer(values, given), ...namedServers(values, readVariable) };
  const program = programOf(values, servers, given);
  const known = [...Object.keys(servers), ...(program === null ? [] : ['external']), 'embedded'];
  if (!known.includes(values.trainer)) throw new UsageError(notSetUp(values.trainer));
  return {
    usual: values.trainer,
    servers,
    program,
    transcription: transcriptionOf(values, servers),
    secrets: secretsOf(values, Object.values(servers)),
  };
}

function usualServer(values: Values, given: ReadonlySet<string>): Record<string, OpenAiConfiguration> {
  return SETS_UP_OPENAI.some((variable) => given.has(variable)) ? { openai: values } : {};
}

function namedServers(
  values: Values,
  readVariable: (variable: string) => string | undefined,
): Record<string, OpenAiConfiguration> {
  const read = readEndpoints(values.endpoints);
  if ('wrong' in read) throw new UsageError(`ENDPOINTS cannot be read (${read.wrong}).`);
  const servers = Object.entries(read.endpoints).map(([name, endpoint]) => {
    const keyOf = (variable: string) => keyIn(variable, name, readVariable(variable));
    return [name, configurationOf(endpoint, values, keyOf)] as const;
  });
  return Object.fromEntries(servers);
}

function keyIn(variable: string, endpoint: string, value: string | undefined): string {
  if (value === undefined || value === '') {
    throw new UsageError(
      `ENDPOINTS says that the key of ${endpoint} stands in ${variable}, but ${variable} is not set; set it in the environment or in .env.`,
    );
  }
  if (/^[!-~]+$/.test(value)) return value;
  throw new UsageError(
    `${variable} is not a key, as ENDPOINTS says that it is for ${endpoint}; it must be without spaces.`,
  );
}

function programOf(
  values: Values,
  servers: Readonly<Record<string, OpenAiConfiguration>>,
  given: ReadonlySet<string>,
): TrainerProgram | null {
  const { trainerCommand: command, trainerEndpoint, baseModel } = values;
  if (command === undefined) return null;
  // Where it would go by itself is OpenAI, which knows nothing of what was made here.
  const isServed = trainerEndpoint !== 'openai' || given.has('OPENAI_BASE_URL');
  const server = servers[trainerEndpoint];
  if (server === undefined || !isServed) {
    throw new UsageError(
      trainerEndpoint === 'openai'
        ? 'TRAINER_COMMAND is set, but not where what it makes is served; set OPENAI_BASE_URL, such as http://127.0.0.1:8000/v1, or TRAINER_ENDPOINT.'
        : `TRAINER_ENDPOINT is ${trainerEndpoint}, but ENDPOINTS has no endpoint of that name.`,
    );
  }
  if (baseModel === undefined) {
    throw new UsageError(
      'TRAINER_COMMAND is set, but not which model it starts from; set BASE_MODEL, such as Qwen/Qwen3-0.6B.',
    );
  }
  return { command, baseModel, model: server.model ?? baseModel, server };
}

function notSetUp(trainer: string): string {
  switch (trainer) {
    case 'openai':
      return 'TRAINER is openai, but no server is set up; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.';
    case 'external':
      return 'TRAINER is external, but there is no program; set TRAINER_COMMAND to the program that trains.';
    default:
      return `TRAINER is ${JSON.stringify(trainer)}, but it must be embedded, openai, external or the name of an endpoint of ENDPOINTS.`;
  }
}

function transcriptionOf(
  { transcription }: Values,
  servers: Readonly<Record<string, OpenAiConfiguration>>,
): OpenAiConfiguration | null {
  if (transcription === 'off') return null;
  const server = servers[transcription ?? 'openai'];
  if (server !== undefined || transcription === undefined) return server ?? null;
  throw new UsageError(
    transcription === 'openai'
      ? 'TRANSCRIPTION is openai, but no server is set up; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.'
      : `TRANSCRIPTION is ${JSON.stringify(transcription)}, but it must be off, openai or the name of an endpoint of ENDPOINTS.`,
  );
}

function secretsOf(values: Values, servers: readonly OpenAiConfiguration[]): readonly string[] {
  const keys = [values, ...servers].flatMap(({ openAiApiKey, openAiTrainingApiKey, openAiSafetyKey }) => [
    openAiApiKey,
    openAiTrainingApiKey,
    openAiSafetyKey,
  ]);
  const known = [values.discordToken, ...keys].filter((secret) => secret !== undefined);
  return [...new Set(known)];
}
