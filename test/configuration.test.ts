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
    expect(loadConfiguration({}, {}, directory).values).toEqual({
      dataDir: resolve('data'),
      commandPrefix: '!',
      contextTurns: 6,
      conversationGapMinutes: 30,
      instructionsFile: undefined,
    });
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
