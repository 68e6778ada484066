import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resolveSettings, settingDescriptions } from '../src/settings.ts';
import { UsageError } from '../src/usage-error.ts';

const port = z.string().regex(/^\d+$/).transform(Number).default(80);
settingDescriptions.add(port, { variable: 'PORT', purpose: 'where it listens', allowed: 'a number' });
const key = z.string().startsWith('sk-').optional();
settingDescriptions.add(key, {
  variable: 'API_KEY',
  purpose: 'opens',
  allowed: 'a key of ours',
  secret: true,
});
const schemas = { port, key };

const nothing = { flags: {}, environment: {}, file: {} };

function sentence(sources: Partial<typeof nothing>): string {
  try {
    resolveSettings(schemas, { ...nothing, ...sources });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  throw new Error('it was not refused');
}

describe('a setting', () => {
  it('comes from a flag before the environment, from there before .env, and from there before the default', () => {
    const all = { flags: { PORT: '1' }, environment: { PORT: '2' }, file: { PORT: '3' } };
    const resolve = (sources: typeof all | typeof nothing) => resolveSettings({ port }, sources);
    const settings = (shown: string, source: string) => [{ variable: 'PORT', shown, source }];
    expect(resolve(all)).toEqual({ values: { port: 1 }, settings: settings('1', 'flag') });
    expect(resolve({ ...all, flags: {} })).toEqual({
      values: { port: 2 },
      settings: settings('2', 'environment'),
    });
    expect(resolve({ ...nothing, file: { PORT: '3' } })).toEqual({
      values: { port: 3 },
      settings: settings('3', '.env'),
    });
    expect(resolve(nothing)).toEqual({ values: { port: 80 }, settings: settings('80', 'default') });
  });

  it('that is wrong is named, with its place, its value and what is allowed', () => {
    expect(sentence({ flags: { PORT: 'many' } })).toBe(
      'PORT is set by --port to "many", but it must be a number.',
    );
    expect(sentence({ environment: { PORT: '' } })).toBe(
      'PORT is set in the environment to "", but it must be a number.',
    );
    expect(sentence({ file: { PORT: 'x'.repeat(1000) } })).toBe(
      `PORT is set in .env to "${'x'.repeat(80)}…", but it must be a number.`,
    );
  });

  it('that is secret is never shown, neither when it is right nor when it is wrong', () => {
    const { values, settings } = resolveSettings(schemas, { ...nothing, environment: { API_KEY: 'sk-123' } });
    expect(values.key).toBe('sk-123');
    expect(JSON.stringify(settings)).not.toContain('123');
    expect(settings[1]).toEqual({ variable: 'API_KEY', shown: '********', source: 'environment' });
    expect(sentence({ file: { API_KEY: 'pk-123' } })).toBe(
      'API_KEY is set in .env, but it must be a key of ours.',
    );
  });

  it('that is not set says so', () => {
    expect(resolveSettings({ key }, nothing).settings).toEqual([
      { variable: 'API_KEY', shown: '(not set)', source: 'default' },
    ]);
  });
});
