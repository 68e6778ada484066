import { z } from 'zod';
import { PriceTable } from './prices.ts';
import type { OpenAiConfiguration } from './settings.ts';

/** What people choose it by, so nothing that could stand for another trainer or be taken for an option. */
const Name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name has at most 32 small letters, digits and -')
  .refine((name) => !['embedded', 'openai', 'external', 'usual', 'off'].includes(name), 'that name is taken');

/** Where a key stands; the key itself has no place in a setting that is shown. */
const KeyVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'not the name of a variable')
  .refine((name) => !/^DISCORD_/i.test(name), 'Discord alone is told that');
const Word = z.string().regex(/^\S+$/, 'not without spaces');
const Tokens = z.int().positive().max(10_000_000);
const Url = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => new URL(url).username === '' && new URL(url).password === '',
    'a URL with a password in it',
  )
  .transform((url) => url.replace(/\/+$/, ''));

const NamedEndpoint = z.strictObject({
  base_url: Url,
  api_key_variable: KeyVariable.optional(),
  /** Where training is another server's business, which then has a key of its own. */
  training_base_url: Url.optional(),
  training_api_key_variable: KeyVariable.optional(),
  organization: Word.optional(),
  project: Word.optional(),
  model: Word,
  base_model: Word.optional(),
  prices: PriceTable.default({}),
  currency: Word.max(8).optional(),
  streaming: z.boolean().optional(),
  context_tokens: Tokens.min(256).optional(),
  answer_tokens: Tokens.optional(),
  example_tokens: Tokens.optional(),
  moderation_model: Word.optional(),
  transcription_model: Word.optional(),
  suffix: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'not from 1 to 64 letters, digits, _ and -')
    .optional(),
});
export type NamedEndpoint = z.infer<typeof NamedEndpoint>;

const Endpoints = z.record(Name, NamedEndpoint);
export type NamedEndpoints = z.infer<typeof Endpoints>;

/** What is wrong with a text that names endpoints, or the endpoints. A wrong text is not repeated: it may hold a key. */
export function readEndpoints(
  text: string,
): { readonly endpoints: NamedEndpoints } | { readonly wrong: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { wrong: 'it is no JSON' };
  }
  const { success, data, error } = Endpoints.safeParse(content);
  if (success) return { endpoints: data };
  const [issue] = error.issues;
  const inName = issue?.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  return { wrong: `${issue?.path.join('.') ?? ''}: ${inName ?? issue?.message ?? ''}` };
}

/** An endpoint has what it says of itself; how patient the bot is with it and how it names members, is the same for all. */
export function configurationOf(
  endpoint: NamedEndpoint,
  usual: OpenAiConfiguration,
  keyOf: (variable: string) => string | undefined,
): OpenAiConfiguration {
  const { api_key_variable: answering, training_api_key_variable: training } = endpoint;
  return {
    ...usual,
    openAiApiKey: answering === undefined ? undefined : keyOf(answering),
    openAiBaseUrl: endpoint.base_url,
    openAiTrainingApiKey: training === undefined ? undefined : keyOf(training),
    openAiTrainingBaseUrl: endpoint.training_base_url,
    keyVariables: {
      ...(answering !== undefined && { answering }),
      ...(training !== undefined && { training }),
    },
    openAiOrganization: endpoint.organization,
    openAiProject: endpoint.project,
    model: endpoint.model,
    baseModel: endpoint.base_model ?? endpoint.model,
    openAiPrices: JSON.stringify(endpoint.prices),
    openAiCurrency: endpoint.currency ?? usual.openAiCurrency,
    openAiStreaming: (endpoint.streaming ?? usual.openAiStreaming === 'on') ? 'on' : 'off',
    openAiContextTokens: endpoint.context_tokens ?? usual.openAiContextTokens,
    openAiAnswerTokens: endpoint.answer_tokens ?? usual.openAiAnswerTokens,
    openAiExampleTokens: endpoint.example_tokens ?? usual.openAiExampleTokens,
    openAiModerationModel: endpoint.moderation_model,
    openAiTranscriptionModel: endpoint.transcription_model ?? usual.openAiTranscriptionModel,
    openAiSuffix: endpoint.suffix,
  };
}
