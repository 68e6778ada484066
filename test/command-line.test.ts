import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../src/command-line.ts';
import { ourSettings } from '../src/configuration.ts';
import { UsageError } from '../src/usage-error.ts';

const parse = (...argv: string[]) => parseCommandLine(argv, '1.2.3', ourSettings);
const taskOf = (...argv: string[]) => parse(...argv).task;

function sentenceFor(...argv: string[]): string {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  throw new Error('it was not refused');
}

describe('the command line', () => {
  it('begins where people are when nothing else is asked for', () => {
    expect(taskOf()).toEqual({ kind: 'start' });
    expect(taskOf('--data-dir', 'd')).toEqual({ kind: 'start' });
  });

  it('opens the console where it is named, or flags of its own are given', () => {
    const console = { kind: 'console', json: false, ids: false, speaker: 'operator' };
    expect(taskOf('console')).toEqual(console);
    expect(taskOf('--data-dir', 'd', 'console')).toEqual(console);
    expect(taskOf('--json', '--as', 'Ada L.', '--ids')).toEqual({
      kind: 'console',
      json: true,
      ids: true,
      speaker: 'Ada L.',
    });
  });

  it('knows the other tasks', () => {
    expect(taskOf('history')).toEqual({ kind: 'history', json: false, options: {} });
    expect(taskOf('history', 'ab12', '--before', 'cd34', '--limit', '5', '--json')).toEqual({
      kind: 'history',
      json: true,
      options: { id: 'ab12', before: 'cd34', limit: '5' },
    });
    expect(taskOf('ledger', 'verify')).toEqual({ kind: 'ledger verify' });
    expect(taskOf('ledger', 'export', 'a.jsonl')).toEqual({ kind: 'ledger export', file: 'a.jsonl' });
    expect(taskOf('ledger', 'import', 'a.jsonl')).toEqual({ kind: 'ledger import', file: 'a.jsonl' });
    expect(taskOf('ledger', 'copy', 'data', 'LEDGER_URL')).toEqual({
      kind: 'ledger copy',
      from: 'data',
      to: 'LEDGER_URL',
    });
    expect(taskOf('projections', 'rebuild')).toEqual({ kind: 'projections rebuild' });
    expect(taskOf('config')).toEqual({ kind: 'config' });
  });

  it('takes every setting as a flag, before or after the command', () => {
    for (const argv of [
      ['--data-dir', 'd', '--context-turns=3', 'history'],
      ['history', '--data-dir', 'd', '--context-turns=3'],
    ]) {
      expect(parse(...argv).flags).toMatchObject({ DATA_DIR: 'd', CONTEXT_TURNS: '3' });
    }
  });

  it('prints its version and its help', () => {
    expect(taskOf('--version')).toEqual({ kind: 'print', text: '1.2.3\n' });
    const help = taskOf('--help');
    expect(help).toEqual({ kind: 'print', text: expect.stringContaining('ledger') });
    expect(help).toEqual({ kind: 'print', text: expect.stringContaining('--data-dir <value>') });
    expect(taskOf('help', 'history')).toEqual({ kind: 'print', text: expect.stringContaining('--before') });
  });

  it('refuses what it does not know, and names the nearest', () => {
    expect(sentenceFor('--dta-dir', 'x')).toBe("Unknown option '--dta-dir'; did you mean --data-dir?");
    expect(sentenceFor('histroy')).toBe("Unknown command 'histroy'; did you mean history?");
    expect(sentenceFor('ledger', 'verfy')).toBe("Unknown command 'verfy'; did you mean verify?");
    const hint = 'training-ledger --help shows what there is.';
    expect(sentenceFor('--frobnicate')).toBe(`Unknown option '--frobnicate'; ${hint}`);
    expect(sentenceFor('frobnicate')).toBe(`Unknown command 'frobnicate'; ${hint}`);
    expect(sentenceFor('ledger')).toBe(`A word is missing after 'ledger'; ${hint}`);
    expect(sentenceFor('ledger', 'export')).toBe(`Missing required argument 'file'; ${hint}`);
    expect(sentenceFor('config', 'all')).toBe(
      `Too many arguments for 'config': expected 0 arguments but got 1: all; ${hint}`,
    );
    expect(sentenceFor('--json', 'history')).toBe(
      `The command history must come before its own flags; ${hint}`,
    );
  });

  it.each(['', '  ', 'x'.repeat(65), 'a\nb', 'a\u0000b', '\u001b[31m'])('refuses to speak as %j', (name) => {
    expect(sentenceFor('--as', name)).toBe(
      'The name given with --as must have 1 to 64 characters and no control characters.',
    );
  });
});
