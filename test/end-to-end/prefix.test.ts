import { describe, expect, it } from 'vitest';
import { commands } from '../../src/bot/commands/all.ts';
import { runHere } from '../program.ts';
import { talkHere, temporaryDirectory } from './talk.ts';

/** A command with the usual prefix, where one is told to use it. */
const USUAL = /(?<![\p{L}\p{N}])!(?=[a-z_])/u;

describe('another command prefix', () => {
  it.each(['$', '??', '$&'])('works everywhere: %s', async (prefix) => {
    const lines = [
      'What is it?',
      'correct last It is a test.',
      'retrain',
      'wait',
      'promote',
      'What is it?',
      'history last',
      'test {"prompt":"Who?","expected":"Me."}',
      'datasets',
      'instruction',
      'hi',
      'help',
      'select_dataset none.jsonl',
      ...commands.map(({ name }) => `help ${name}`),
      // Refused, each in its own way.
      ...[
        'hlep',
        'help nothing',
        'correct',
        'correct ffffffff x',
        'job nope',
        'jobs limit=0',
        'jobs a b',
        'diff a b',
      ],
      ...[
        'promote',
        'rollback',
        'rollback',
        'withdraw ffffffff',
        'retrain format=kto',
        'train',
        'test',
        'test {}',
        'join',
      ],
      ...[
        'history ffffffff',
        'history before=f',
        'feedback last',
        'train data=x',
        'cancel last',
        'export nope',
      ],
    ];
    const [first = '', ...others] = lines;
    const sent = [first, ...others.map((line) => (line === first ? line : `${prefix}${line}`))];
    const directory = temporaryDirectory();
    const { replies } = await talkHere(directory, [...sent, '!help'], {
      flags: [`--command-prefix=${prefix}`],
    });
    expect(replies[5]?.data.response).toBe('It is a test.');
    expect(replies.at(-1)?.command).toBe('ask');
    for (const [index, { text }] of replies.entries()) {
      expect([sent[index], text]).toEqual([sent[index], expect.not.stringMatching(USUAL)]);
    }
    const told = replies.map(({ text }) => text).join('\n');
    for (const name of ['correct last', 'retrain', 'help', 'history', 'jobs'])
      expect(told).toContain(`${prefix}${name}`);
  });

  it('is told in what comes later, too', async () => {
    const { code, stdout } = await runHere(
      ['--command-prefix=$', '--data-dir', temporaryDirectory()],
      {},
      'What?\n$correct last This.\n$retrain\n$wait\n',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Job \S+ succeeded [^\n]*\$promote/m);
    expect(stdout).not.toMatch(USUAL);
  });
});
