import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  answeringOptions,
  type OpenAiConfiguration,
  openAiSettings,
  trainingEndpoint,
  trainingOptions,
} from '../../../../src/adapters/models/openai/settings.ts';
import { temporaryVault } from '../embedded/teaching.ts';

/** As the configuration reads them: each from its variable. */
function configured(variables: Readonly<Record<string, string>> = {}): OpenAiConfiguration {
  const values = Object.entries(openAiSettings).map(([name, { schema, variable }]) => [
    name,
    z.parse(schema, variables[variable]),
  ]);
  return Object.fromEntries(values) as OpenAiConfiguration;
}

describe('the settings for servers', () => {
  test('have names that nothing else has, and explain themselves', () => {
    const variables = Object.values(openAiSettings).map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(variables.length);
    for (const { variable, purpose, allowed } of Object.values(openAiSettings)) {
      expect(variable).toMatch(/^[A-Z][A-Z_]+$/);
      expect(purpose.length * allowed.length).toBeGreaterThan(0);
    }
    const secrets = Object.values(openAiSettings).filter((setting) => 'secret' in setting && setting.secret);
    expect(secrets.map(({ variable }) => variable)).toEqual([
      'OPENAI_API_KEY',
      'OPENAI_TRAINING_API_KEY',
      'OPENAI_SAFETY_KEY',
    ]);
  });

  test('are enough with nothing but a key', () => {
    const { endpoint, ...options } = answeringOptions(configured({ OPENAI_API_KEY: 'sk-1' }));
    expect(endpoint).toMatchObject({ baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-1', retries: 3 });
    expect(options).toMatchObject({ streams: true, moderationModel: null, prices: {}, currency: 'USD' });
    expect(trainingEndpoint(configured({ OPENAI_API_KEY: 'sk-1' }))).toEqual(endpoint);
  });

  test('never give the key for one server to another', () => {
    const apart = configured({
      OPENAI_API_KEY: 'sk-1',
      OPENAI_TRAINING_BASE_URL: 'https://training.example/v1/',
    });
    expect(trainingEndpoint(apart)).toMatchObject({
      baseUrl: 'https://training.example/v1',
      apiKey: null,
      keyVariable: 'OPENAI_TRAINING_API_KEY',
    });
    const both = configured({ OPENAI_API_KEY: 'sk-1', OPENAI_TRAINING_API_KEY: 'sk-2' });
    expect(trainingEndpoint(both)).toMatchObject({ baseUrl: 'https://api.openai.com/v1', apiKey: 'sk-2' });
  });

  test('say in hours and seconds what is counted in milliseconds', async () => {
    const { vault, directory } = await temporaryVault();
    const set = configured({
      OPENAI_PATIENCE_HOURS: '2',
      OPENAI_POLL_SECONDS: '5',
      OPENAI_PRICES: '{"ft:gpt":{"training":3}}',
    });
    expect(trainingOptions(set, { name: 'openai', vault, directory })).toMatchObject({
      patienceMs: 7_200_000,
      pollMs: 5_000,
      prices: { 'ft:gpt': { training: 3 } },
      model: 'gpt-4o-mini',
      baseModel: 'gpt-4o-mini-2024-07-18',
    });
  });

  test.each([
    ['OPENAI_API_KEY', 'with space'],
    ['OPENAI_BASE_URL', 'ftp://x'],
    ['OPENAI_BASE_URL', 'nonsense'],
    ['OPENAI_BASE_URL', 'https://someone:s3cret@example.org/v1'],
    ['MODEL', ''],
    ['OPENAI_TIMEOUT_SECONDS', '0'],
    ['OPENAI_RETRIES', '11'],
    ['OPENAI_STREAMING', 'maybe'],
    ['OPENAI_PRICES', '{"gpt":1}'],
    ['OPENAI_PRICES', 'cheap'],
    ['OPENAI_PRICES', '{"gpt":{"prompt":-1}}'],
    ['OPENAI_SUFFIX', 'a b'],
  ])('do not take %s=%s', (variable, value) => {
    expect(() => configured({ [variable]: value })).toThrow();
  });
});
