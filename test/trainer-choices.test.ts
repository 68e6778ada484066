import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../src/configuration.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'choices-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const load = (environment: Record<string, string>) => loadConfiguration({}, environment, directory);
const endpoints = (content: unknown) => JSON.stringify(content);
const nebius = { base_url: 'https://nebius.example/v1/', api_key_variable: 'NEBIUS_KEY', model: 'small' };
const program = { TRAINER_COMMAND: 'train {config}', BASE_MODEL: 'tiny' };

describe('what trains and answers', () => {
  it('is a server as soon as a key or a URL is set', () => {
    expect(Object.keys(load({ OPENAI_API_KEY: 'sk-1' }).values.trainers.servers)).toEqual(['openai']);
    const { trainers } = load({ TRAINER: 'openai', OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1' }).values;
    expect(trainers).toMatchObject({
      usual: 'openai',
      transcription: { openAiTranscriptionModel: 'whisper-1' },
    });
    expect(load({ OPENAI_API_KEY: 'sk-1', TRANSCRIPTION: 'off' }).values.trainers.transcription).toBeNull();
  });

  it('is further servers, each with a key that stands elsewhere and nothing of the usual one', () => {
    writeFileSync(join(directory, '.env'), 'NEBIUS_KEY=nb-7\n');
    const { values, settings } = load({
      TRAINER: 'nebius',
      OPENAI_API_KEY: 'sk-1',
      OPENAI_PRICES: '{"small":{"training":3}}',
      ENDPOINTS: endpoints({ nebius, local: { base_url: 'http://127.0.0.1:1/v1', model: 'own' } }),
    });
    const { servers, usual, secrets } = values.trainers;
    expect(usual).toBe('nebius');
    expect(servers.nebius).toMatchObject({
      openAiApiKey: 'nb-7',
      openAiBaseUrl: 'https://nebius.example/v1',
      model: 'small',
      baseModel: 'small',
      openAiPrices: '{}',
      openAiTimeoutSeconds: 60,
    });
    expect(servers.local).toMatchObject({ openAiApiKey: undefined, openAiTrainingApiKey: undefined });
    expect(secrets).toEqual(['sk-1', 'nb-7']);
    expect(JSON.stringify(settings)).not.toMatch(/sk-1|nb-7/);
  });

  it('is a program whose models a server answers with', () => {
    const at = (more: Record<string, string>) => load({ ...program, ...more }).values.trainers.program;
    expect(at({ OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1' })).toMatchObject({
      baseModel: 'tiny',
      model: 'tiny',
      server: { openAiBaseUrl: 'http://127.0.0.1:8000/v1' },
    });
    const local = { base_url: 'http://127.0.0.1:1/v1', model: 'own' };
    expect(at({ TRAINER_ENDPOINT: 'local', ENDPOINTS: endpoints({ local }) })).toMatchObject({
      model: 'own',
      server: { openAiBaseUrl: 'http://127.0.0.1:1/v1' },
    });
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'no such trainer',
      { TRAINER: 'mine' },
      'TRAINER is "mine", but it must be embedded, openai, external or',
    ],
    ['no server', { TRAINER: 'openai' }, 'TRAINER is openai, but no server is set up; set OPENAI_API_KEY'],
    [
      'no program',
      { TRAINER: 'external' },
      'TRAINER is external, but there is no program; set TRAINER_COMMAND',
    ],
    ['nowhere to serve', program, 'TRAINER_COMMAND is set, but not where what it makes is served;'],
    [
      'no base model',
      { TRAINER_COMMAND: 'train', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
      'TRAINER_COMMAND is set, but not which model it starts from; set BASE_MODEL',
    ],
    [
      'another placeholder',
      { TRAINER_COMMAND: 'train {trian}' },
      '({trian} is no placeholder; there are {train}',
    ],
    ['no key', { ENDPOINTS: endpoints({ nebius }) }, 'NEBIUS_KEY, but NEBIUS_KEY is not set;'],
    [
      'a token for Discord',
      { ENDPOINTS: endpoints({ a: { ...nebius, api_key_variable: 'DISCORD_TOKEN' } }) },
      '(a.api_key_variable: Discord alone is told that).',
    ],
    ['a name that is taken', { ENDPOINTS: endpoints({ openai: nebius }) }, '(openai: that name is taken).'],
    ['no JSON', { ENDPOINTS: 'nebius' }, 'ENDPOINTS is set in the environment, but it must be JSON such as'],
    [
      'nobody who listens',
      { TRANSCRIPTION: 'azure' },
      'TRANSCRIPTION is "azure", but it must be off, openai or',
    ],
  ])('is refused where there is %s', (_, environment, sentence) => {
    expect(() => load(environment)).toThrow(sentence);
  });

  it('is refused without repeating a key that was put into the wrong place', () => {
    const wrong = endpoints({ nebius: { ...nebius, api_key: 'sk-secret' } });
    expect(() => load({ ENDPOINTS: wrong })).toThrow(/nebius: Unrecognized key: "api_key"/);
    expect(() => load({ ENDPOINTS: wrong })).not.toThrow(/secret/);
  });
});
