import { z } from 'zod';
import { setting, WholeNumber } from '../../setting.ts';
import type { EndpointOptions } from './endpoint.ts';
import type { OpenAiModelOptions } from './model.ts';
import { PriceTable } from './prices.ts';
import type { OpenAiTrainerOptions } from './trainer.ts';

const MAX_TOKENS = 10_000_000;
const USUAL_MODEL = 'gpt-4o-mini';
const USUAL_BASE_MODEL = 'gpt-4o-mini-2024-07-18';

/** Everything that can be set for servers that speak OpenAI's API. */
export const openAiSettings = {
  openAiApiKey: setting(Key(), {
    variable: 'OPENAI_API_KEY',
    purpose: 'the key for the server that answers; a server of your own may want none',
    allowed: 'a key without spaces',
    secret: true,
  }),
  openAiBaseUrl: setting(Url().default('https://api.openai.com/v1'), {
    variable: 'OPENAI_BASE_URL',
    purpose: 'where the server that answers is found, with the version',
    allowed: 'an http or https URL without a password, such as http://127.0.0.1:8000/v1',
  }),
  openAiTrainingApiKey: setting(Key(), {
    variable: 'OPENAI_TRAINING_API_KEY',
    purpose: 'the key for the server that trains, where that is another one',
    allowed: 'a key without spaces',
    secret: true,
  }),
  openAiTrainingBaseUrl: setting(Url().optional(), {
    variable: 'OPENAI_TRAINING_BASE_URL',
    purpose: 'where the server that trains is found, where that is another one; it has a key of its own',
    allowed: 'an http or https URL without a password',
  }),
  openAiOrganization: setting(Word().optional(), {
    variable: 'OPENAI_ORG_ID',
    purpose: 'the organization that the keys are used for',
    allowed: 'an id without spaces',
  }),
  openAiProject: setting(Word().optional(), {
    variable: 'OPENAI_PROJECT_ID',
    purpose: 'the project that the keys are used for',
    allowed: 'an id without spaces',
  }),
  model: setting(Word().optional(), {
    variable: 'MODEL',
    purpose: `the model that answers before any other was promoted; ${USUAL_MODEL} on a server and BASE_MODEL for a trainer program unless set`,
    allowed: "a model's name without spaces",
  }),
  baseModel: setting(Word().optional(), {
    variable: 'BASE_MODEL',
    purpose: `the model that training starts from; ${USUAL_BASE_MODEL} on a server unless set`,
    allowed: "a model's name without spaces",
  }),
  openAiTimeoutSeconds: setting(WholeNumber(1, 3_600).default(60), {
    variable: 'OPENAI_TIMEOUT_SECONDS',
    purpose: 'how long a server may take to begin an answer, and to go on with it',
    allowed: 'a whole number from 1 to 3600',
  }),
  openAiRetries: setting(WholeNumber(0, 10).default(3), {
    variable: 'OPENAI_RETRIES',
    purpose: 'how often a request is sent again after a passing fault; a job is never asked for twice',
    allowed: 'a whole number from 0 to 10',
  }),
  openAiStreaming: setting(z.enum(['on', 'off']).default('on'), {
    variable: 'OPENAI_STREAMING',
    purpose: 'whether an answer is shown as it grows',
    allowed: 'on or off',
  }),
  openAiContextTokens: setting(WholeNumber(256, MAX_TOKENS).default(128_000), {
    variable: 'OPENAI_CONTEXT_TOKENS',
    purpose:
      'how many tokens the models that answer can take; of longer conversations the beginning is left out',
    allowed: `a whole number from 256 to ${MAX_TOKENS}`,
  }),
  openAiAnswerTokens: setting(WholeNumber(1, MAX_TOKENS).optional(), {
    variable: 'OPENAI_ANSWER_TOKENS',
    purpose: "the most tokens that an answer may have; the server's own limit where it is not set",
    allowed: `a whole number from 1 to ${MAX_TOKENS}`,
  }),
  openAiSafetyKey: setting(Key(), {
    variable: 'OPENAI_SAFETY_KEY',
    purpose:
      'what members are hashed with before a server is told who asks; made from the key where it is not set',
    allowed: 'a text without spaces',
    secret: true,
  }),
  openAiModerationModel: setting(Word().optional(), {
    variable: 'OPENAI_MODERATION_MODEL',
    purpose:
      'the model that looks at questions and answers, such as omni-moderation-latest; none where it is not set',
    allowed: "a model's name without spaces",
  }),
  openAiTranscriptionModel: setting(Word().default('whisper-1'), {
    variable: 'OPENAI_TRANSCRIPTION_MODEL',
    purpose: 'the model that writes down what was said',
    allowed: "a model's name without spaces",
  }),
  openAiPrices: setting(Prices(), {
    variable: 'OPENAI_PRICES',
    purpose: 'what a million tokens cost, by the beginning of the name of a model',
    allowed: 'JSON such as {"gpt-4o-mini":{"prompt":0.15,"completion":0.6,"training":3}}',
  }),
  openAiCurrency: setting(
    z
      .string()
      .regex(/^\S{1,8}$/)
      .default('USD'),
    {
      variable: 'OPENAI_CURRENCY',
      purpose: 'what the prices are in',
      allowed: 'at most 8 characters without spaces',
    },
  ),
  openAiSuffix: setting(
    z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
    {
      variable: 'OPENAI_SUFFIX',
      purpose: 'what the names of trained models end with; made from the job where it is not set',
      allowed: 'from 1 to 64 letters, digits, _ and -',
    },
  ),
  openAiExampleTokens: setting(WholeNumber(1, MAX_TOKENS).default(65_536), {
    variable: 'OPENAI_EXAMPLE_TOKENS',
    purpose: 'the most tokens that an example may have to be trained on',
    allowed: `a whole number from 1 to ${MAX_TOKENS}`,
  }),
  openAiPollSeconds: setting(WholeNumber(1, 3_600).default(30), {
    variable: 'OPENAI_POLL_SECONDS',
    purpose: 'how many seconds pass between two looks at a job that takes long',
    allowed: 'a whole number from 1 to 3600',
  }),
  openAiPatienceHours: setting(WholeNumber(1, 720).default(24), {
    variable: 'OPENAI_PATIENCE_HOURS',
    purpose: 'after how many hours without a sign of life a job is given up',
    allowed: 'a whole number from 1 to 720',
  }),
};

/** As the settings of these names hold. */
export type OpenAiConfiguration = {
  readonly [Name in keyof typeof openAiSettings]: z.infer<(typeof openAiSettings)[Name]['schema']>;
} & {
  /** Where people set the keys, where it is not in the usual variables. */
  readonly keyVariables?: { readonly answering?: string; readonly training?: string };
};

export function answeringEndpoint(configuration: OpenAiConfiguration): EndpointOptions {
  return {
    baseUrl: configuration.openAiBaseUrl,
    apiKey: configuration.openAiApiKey ?? null,
    keyVariable: configuration.keyVariables?.answering ?? openAiSettings.openAiApiKey.variable,
    ...commonOf(configuration),
  };
}

/** The key for one server is never sent to another. */
export function trainingEndpoint(configuration: OpenAiConfiguration): EndpointOptions {
  const { openAiTrainingBaseUrl, openAiTrainingApiKey } = configuration;
  const answering = answeringEndpoint(configuration);
  if (openAiTrainingBaseUrl === undefined && openAiTrainingApiKey === undefined) return answering;
  return {
    ...answering,
    baseUrl: openAiTrainingBaseUrl ?? answering.baseUrl,
    apiKey: openAiTrainingApiKey ?? null,
    keyVariable: configuration.keyVariables?.training ?? openAiSettings.openAiTrainingApiKey.variable,
  };
}

export function answeringOptions(configuration: OpenAiConfiguration): OpenAiModelOptions {
  return {
    endpoint: answeringEndpoint(configuration),
    streams: configuration.openAiStreaming === 'on',
    window: configuration.openAiContextTokens,
    answerTokens: configuration.openAiAnswerTokens ?? null,
    safetyKey: configuration.openAiSafetyKey ?? null,
    moderationModel: configuration.openAiModerationModel ?? null,
    prices: pricesOf(configuration),
    currency: configuration.openAiCurrency,
  };
}

export function trainingOptions(
  configuration: OpenAiConfiguration,
  { name, vault, directory, log }: Pick<OpenAiTrainerOptions, 'name' | 'vault' | 'directory' | 'log'>,
): OpenAiTrainerOptions {
  return {
    name,
    endpoint: trainingEndpoint(configuration),
    vault,
    directory,
    ...(log !== undefined && { log }),
    model: configuration.model ?? USUAL_MODEL,
    baseModel: configuration.baseModel ?? USUAL_BASE_MODEL,
    suffix: configuration.openAiSuffix ?? null,
    exampleTokens: configuration.openAiExampleTokens,
    pollMs: configuration.openAiPollSeconds * 1_000,
    patienceMs: configuration.openAiPatienceHours * 60 * 60_000,
    prices: pricesOf(configuration),
    currency: configuration.openAiCurrency,
  };
}

function commonOf(configuration: OpenAiConfiguration) {
  return {
    organization: configuration.openAiOrganization ?? null,
    project: configuration.openAiProject ?? null,
    timeoutMs: configuration.openAiTimeoutSeconds * 1_000,
    retries: configuration.openAiRetries,
  };
}

/** An empty one is none, so that a line can stay in a file. */
function Key() {
  return z
    .string()
    .regex(/^[!-~]*$/)
    .transform((key) => (key === '' ? undefined : key))
    .optional();
}

function Word() {
  return z.string().regex(/^\S+$/);
}

/** One with a name and a password in it is not asked by fetch. */
function Url() {
  return z
    .url({ protocol: /^https?$/ })
    .refine((url) => new URL(url).username === '' && new URL(url).password === '')
    .transform((url) => url.replace(/\/+$/, ''));
}

/** It stays a text, so that it can be shown as it was written. */
function Prices() {
  return z
    .string()
    .default('{}')
    .refine((text) => readPrices(text) !== null);
}

function pricesOf({ openAiPrices }: OpenAiConfiguration): PriceTable {
  return readPrices(openAiPrices) ?? {};
}

function readPrices(text: string): PriceTable | null {
  try {
    return PriceTable.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
