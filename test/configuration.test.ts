import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../src/configuration.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'configuration-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the configuration', () => {
  it('works without any setting', () => {
    expect(loadConfiguration({}, {}, directory).values).toMatchObject({
      dataDir: resolve('data'),
      ledgerUrl: undefined,
      commandPrefix: '!',
      contextTurns: 6,
      conversationGapMinutes: 30,
      instructionsFile: undefined,
      discordToken: undefined,
      discordApiUrl: 'https://discord.com/api',
      discordCdnUrl: 'https://cdn.discordapp.com',
      discordChannels: [],
      locale: 'en',
      logLevel: 'info',
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
      trainers: { usual: 'embedded', servers: {}, program: null, transcription: null, secrets: [] },
    });
  });

  it('takes what people write of Discord', () => {
    const valuesOf = (environment: Record<string, string>) =>
      loadConfiguration({}, environment, directory).values;
    expect(valuesOf({ DISCORD_API_URL: 'http://localhost:8080/api/v10/' }).discordApiUrl).toBe(
      'http://localhost:8080/api',
    );
    expect(valuesOf({ DISCORD_CDN_URL: 'http://localhost:8080/' }).discordCdnUrl).toBe(
      'http://localhost:8080',
    );
    expect(valuesOf({ DISCORD_CHANNELS: ' 12345678901234567, 234567890123456789' }).discordChannels).toEqual([
      '12345678901234567',
      '234567890123456789',
    ]);
    expect(valuesOf({ DISCORD_TOKEN: '', DISCORD_CHANNELS: '' })).toMatchObject({
      discordToken: undefined,
      discordChannels: [],
    });
  });

  it('shows the token to nobody, neither where it holds nor where it is wrong', () => {
    const { values, settings } = loadConfiguration({}, { DISCORD_TOKEN: 'a.secret' }, directory);
    expect(values.discordToken).toBe('a.secret');
    expect(JSON.stringify(settings)).not.toContain('secret');
    expect(() => loadConfiguration({}, { DISCORD_TOKEN: 'a secret' }, directory)).toThrow(
      "DISCORD_TOKEN is set in the environment, but it must be the bot's token, without spaces.",
    );
  });

  it("shows the ledger's URL to nobody, as it may hold a password", () => {
    const LEDGER_URL = 'esdb://admin:secret@localhost:2113';
    const { values, settings } = loadConfiguration({}, { LEDGER_URL }, directory);
    expect(values.ledgerUrl).toBe(LEDGER_URL);
    expect(JSON.stringify(settings)).not.toContain('secret');
    expect(loadConfiguration({}, { LEDGER_URL: '' }, directory).values.ledgerUrl).toBeUndefined();
    expect(() => loadConfiguration({}, { LEDGER_URL: 'http://admin:secret@localhost' }, directory)).toThrow(
      'LEDGER_URL is set in the environment, but it must be esdb://HOST:PORT or esdb+discover://NAME.',
    );
  });

  it('is read from .env in the working directory', () => {
    writeFileSync(join(directory, '.env'), '# ours\nCONTEXT_TURNS=0\nCOMMAND_PREFIX="?"\nOTHER=1\n');
    const { values } = loadConfiguration({}, { CONTEXT_TURNS: '100' }, directory);
    expect(values).toMatchObject({ contextTurns: 100, commandPrefix: '?' });
  });

  it.each([
    ['DATA_DIR', '', 'the path of a directory'],
    ['COMMAND_PREFIX', '', 'at least one character and no white space'],
    ['COMMAND_PREFIX', '! ', 'at least one character and no white space'],
    ['COMMAND_PREFIX', '\u0007', 'at least one character and no white space'],
    ['CONTEXT_TURNS', '101', 'a whole number from 0 to 100'],
    ['CONTEXT_TURNS', '-1', 'a whole number from 0 to 100'],
    ['CONTEXT_TURNS', '1e1', 'a whole number from 0 to 100'],
    ['CONTEXT_TURNS', ' 6', 'a whole number from 0 to 100'],
    ['CONVERSATION_GAP_MINUTES', '0', 'a whole number from 1 to 10080'],
    ['CONVERSATION_GAP_MINUTES', '0.5', 'a whole number from 1 to 10080'],
    ['INSTRUCTIONS_FILE', '', 'the path of a text file'],
    ['DISCORD_API_URL', 'discord.com', 'an http or https URL'],
    ['DISCORD_CDN_URL', 'ftp://discord.com', 'an http or https URL'],
    ['DISCORD_CHANNELS', '#general', 'ids of channels with commas between them'],
    ['LOCALE', 'de', 'en or ru'],
  ])('refuses %s=%j and says what is allowed', (variable, value, allowed) => {
    expect(() => loadConfiguration({}, { [variable]: value }, directory)).toThrow(
      `${variable} is set in the environment to ${JSON.stringify(value)}, but it must be ${allowed}.`,
    );
  });

  it('says so where .env cannot be read', () => {
    mkdirSync(join(directory, '.env'));
    expect(() => loadConfiguration({}, {}, directory)).toThrow(
      'The file .env in this directory cannot be read (EISDIR); mend it or take it away.',
    );
  });
});
