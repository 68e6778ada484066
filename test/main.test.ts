import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ourSettings } from '../src/configuration.ts';
import { countEvents } from './end-to-end/ledger-file.ts';
import { MAIN, Program, run, runHere } from './program.ts';

/** Of the many settings, those whose lines are looked at. */
const SOME =
  /^(DATA_DIR|COMMAND_PREFIX|CONTEXT_TURNS|CONVERSATION_GAP_MINUTES|INSTRUCTIONS_FILE|DISCORD_(TOKEN|API_URL|CDN_URL|CHANNELS)|LOCALE|LOG_LEVEL|METRICS_PORT|METRICS_HOST)=/;

let cwd: string;
let inData: readonly string[];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'training-ledger-'));
  inData = ['--data-dir', join(cwd, 'data')];
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const Reply = z.strictObject({
  command: z.string(),
  ok: z.boolean(),
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
const Notice = z.strictObject({
  notice: z.literal('job'),
  data: z.strictObject({
    job: z.string(),
    state: z.enum(['requested', 'running', 'succeeded', 'failed', 'cancelled']),
    progress: z.number().min(0).max(1),
    model: z.string().nullable(),
  }),
});

function parseJson(stdout: string) {
  const objects = stdout
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
  return {
    replies: objects.flatMap((object) => Reply.safeParse(object).data ?? []),
    notices: objects.flatMap((object) => Notice.safeParse(object).data ?? []),
    count: objects.length,
  };
}

describe('the program', () => {
  it('closes the loop in one pipe on an empty directory', async () => {
    const lines = [
      'What is the capital of Atlantis?',
      '!correct last Poseidonis is the capital of Atlantis.',
      '!retrain',
      '!wait',
      '!promote',
      'What is the capital of Atlantis?',
      '!history last',
    ];
    const { code, stdout, stderr } = await runHere(['--json', ...inData], {}, lines.join('\n'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { replies, notices, count } = parseJson(stdout);
    expect(count).toBe(replies.length + notices.length);
    expect(replies.map(({ command, ok }) => [command, ok])).toEqual([
      ['ask', true],
      ['correct', true],
      ['retrain', true],
      ['wait', true],
      ['promote', true],
      ['ask', true],
      ['history', true],
    ]);
    const [asked, corrected, retrained, , promoted, again, history] = replies;
    expect(again?.text).toContain('Poseidonis is the capital of Atlantis.');
    expect(notices.at(-1)?.data).toEqual({
      job: retrained?.data.job,
      state: 'succeeded',
      progress: 1,
      model: promoted?.data.model,
    });
    const told = JSON.stringify(history);
    for (const id of [
      asked?.data.answer,
      corrected?.data.correction,
      retrained?.data.dataset,
      retrained?.data.job,
      again?.data.answer,
    ]) {
      expect(id).toEqual(expect.any(String));
      expect(told).toContain(id);
    }
  });

  it('waits at the end of input for a job that was only just requested', async () => {
    const lines = 'How?\n!correct last Like this.\n!retrain\n';
    const { code, stdout } = await runHere(inData, {}, lines);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Job \S+ succeeded[^\n]*\n$/);
    expect(stdout).not.toContain('\u001b');
  });

  it('gives one reply for each line, in order, whatever the lines hold', async () => {
    const lines = [
      '!hi',
      '!hlep',
      '!correct nothing here',
      'a\0b',
      Buffer.from([0xff, 0xfe]),
      'x'.repeat(1024 * 1024),
      '!test {"prompt":',
      'שלום e\u0301',
    ];
    const input = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
    const { code, stdout, stderr } = await runHere(['--json', ...inData], {}, input);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { replies } = parseJson(stdout);
    expect(replies.map(({ ok }) => ok)).toEqual([true, false, false, false, false, false, false, true]);
    expect(replies[1]?.text).toContain('!help');
    const sentences = replies.filter(({ ok }) => !ok).map(({ text }) => text);
    for (const sentence of sentences) expect(sentence).toMatch(/^[^\n]+[.?]$/);
  });

  it('records who speaks, and carries out a command that is sent again once, also after a restart', async () => {
    const flags = ['--json', '--ids', '--as', 'Ada L.', ...inData];
    const first = await runHere(flags, {}, 'a hello\nb !correct last hi\nb !correct last hi\n');
    const second = await runHere(flags, {}, 'a hello\nb !correct last hi\nc !history\n');
    const [answer, correction, repeated] = parseJson(first.stdout).replies;
    const [answerAgain, correctionAgain, history] = parseJson(second.stdout).replies;
    expect(repeated?.data.correction).toBe(correction?.data.correction);
    expect(answerAgain?.data.answer).toBe(answer?.data.answer);
    expect(correctionAgain?.data.correction).toBe(correction?.data.correction);
    expect(history?.data.events).toHaveLength(2);
    expect(history?.text).toContain('Ada L.');
  });

  it('keeps a second process away from its data directory, until SIGTERM, which ends it with 0', async () => {
    const program = new Program([], { cwd });
    program.send('!hi\nhello\n');
    await program.lines(2);
    for (const second of [await runHere(inData), await runHere(['ledger', 'verify', ...inData])]) {
      expect(second.stderr).toMatch(/^Another training-ledger process is using [^\n]*\n$/);
      expect([second.code, second.stdout]).toEqual([1, '']);
    }
    program.child.kill('SIGTERM');
    const { code, stderr } = await program.ended;
    expect([code, stderr]).toEqual([0, '']);
    const after = await runHere(['ledger', 'verify', ...inData]);
    expect([after.code, after.stdout]).toEqual([0, expect.stringContaining(' 1 event ')]);
  });

  it('ends with 0 on SIGINT, and what was written is there', async () => {
    const program = new Program([], { cwd });
    program.send('!hi\nhello\n');
    await program.lines(2);
    program.child.kill('SIGINT');
    const { code, stderr } = await program.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(countEvents(join(cwd, 'data'))).toBe(1);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const program = new Program([], { cwd });
    program.send('!hi\n');
    await program.lines(1);
    program.child.stdout.destroy();
    program.send('!hi\n!hi\n!hi\n');
    const { code, stderr } = await program.ended;
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('the subcommands', () => {
  const at = (path: string) => join(cwd, path);

  it('export, import into an empty ledger and export again to the same bytes', async () => {
    const other = ['--data-dir', at('other')];
    await runHere(inData, {}, 'hello\n!correct last hi\n');
    expect((await runHere(['ledger', 'export', at('a.jsonl'), ...inData])).code).toBe(0);
    expect((await runHere(['ledger', 'import', at('a.jsonl'), ...other])).code).toBe(0);
    expect((await runHere(['ledger', 'export', at('b.jsonl'), ...other])).code).toBe(0);
    expect(readFileSync(at('b.jsonl'), 'utf8')).toBe(readFileSync(at('a.jsonl'), 'utf8'));
    const again = await runHere(['ledger', 'import', at('a.jsonl'), ...other]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^[^\n]+\.\n$/);
  });

  it('show the history in both forms, and rebuild the read models', async () => {
    await runHere(inData, {}, 'hello\n!correct last hi\n');
    const before = await runHere(['history', '--json', ...inData]);
    const { replies, count } = parseJson(before.stdout);
    expect([count, replies[0]?.command, replies[0]?.ok]).toEqual([1, 'history', true]);
    expect((await runHere(['projections', 'rebuild', ...inData])).stdout).toBe(
      'Built the read models anew from 2 events.\n',
    );
    expect((await runHere(['history', '--json', ...inData])).stdout).toBe(before.stdout);
    const one = await runHere(['history', '--limit', '1', ...inData]);
    expect(replies[0]?.text).toContain(one.stdout.split('\n')[0]);
    const { code, stdout, stderr } = await runHere(['history', 'ffffffff', ...inData]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    const asJson = await runHere(['history', 'ffffffff', '--json', ...inData]);
    expect([asJson.code, parseJson(asJson.stdout).replies[0]?.ok, asJson.stderr]).toEqual([1, false, '']);
  });

  it('say so where there is no ledger, and make none', async () => {
    const { code, stderr } = await runHere(['ledger', 'export', 'x', ...inData]);
    expect(stderr).toBe(`There is no ledger in ${at('data')}; check --data-dir.\n`);
    expect(code).toBe(1);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('print the effective configuration and where each setting comes from', async () => {
    writeFileSync(join(cwd, '.env'), 'CONTEXT_TURNS=2\nCOMMAND_PREFIX=?\n');
    const { code, stdout } = await run(['config', '--conversation-gap-minutes', '5'], {
      cwd,
      env: { COMMAND_PREFIX: '$', DISCORD_TOKEN: 'a.secret.token' },
    });
    expect(code).toBe(0);
    const lines = stdout.split('\n').slice(0, -1);
    expect(lines).toHaveLength(Object.keys(ourSettings).length);
    expect(lines.filter((line) => SOME.test(line)).join('\n')).toBe(
      `DATA_DIR=${join(cwd, 'data')} (default)\n` +
        'COMMAND_PREFIX=$ (environment)\n' +
        'CONTEXT_TURNS=2 (.env)\n' +
        'CONVERSATION_GAP_MINUTES=5 (flag)\n' +
        'INSTRUCTIONS_FILE=(not set) (default)\n' +
        'DISCORD_TOKEN=******** (environment)\n' +
        'DISCORD_API_URL=https://discord.com/api (default)\n' +
        'DISCORD_CDN_URL=https://cdn.discordapp.com (default)\n' +
        'DISCORD_CHANNELS= (default)\n' +
        'LOCALE=en (default)\n' +
        'LOG_LEVEL=info (default)\n' +
        'METRICS_PORT=(not set) (default)\n' +
        'METRICS_HOST=127.0.0.1 (default)',
    );
    expect(readdirSync(cwd)).toEqual(['.env']);
  });
});

describe('a wrong start', () => {
  it('ends with 2 and one sentence, and opens nothing', async () => {
    const unknown = "Unknown option '--dta-dir'; did you mean --data-dir?\n";
    expect(await run(['--dta-dir', 'x'], { cwd })).toMatchObject({ code: 2, stdout: '', stderr: unknown });
    const missing = join(cwd, 'missing.txt');
    expect(await runHere(inData, { INSTRUCTIONS_FILE: missing })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `INSTRUCTIONS_FILE names ${missing}, but that cannot be read (ENOENT).\n`,
    });
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('ends with 1 and one sentence where the data directory cannot be made', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, stderr } = await runHere(['--data-dir', join(cwd, 'file', 'below')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^The data directory [^\n]+ cannot be made [^\n]+; choose another --data-dir\.\n$/,
    );
  });

  it('ends with 1 and one sentence that names a ledger file that is not one', async () => {
    writeFileSync(join(cwd, 'ledger.sqlite'), 'this was never a ledger');
    const { code, stderr } = await runHere(['ledger', 'verify', '--data-dir', cwd]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*ledger\.sqlite[^\n]*\.\n$/);
  });
});

describe("the operator's settings", () => {
  it('change the prefix and the instructions', async () => {
    writeFileSync(join(cwd, 'ours.txt'), 'Be kind.\n');
    const { stdout } = await runHere(
      ['--command-prefix', '??', '--instructions-file', join(cwd, 'ours.txt'), '--json', ...inData],
      {},
      '??instruction\n!instruction\n',
    );
    const { replies } = parseJson(stdout);
    expect(replies[0]).toMatchObject({ command: 'instruction', ok: true, text: 'Be kind.' });
    expect(replies[1]?.command).toBe('ask');
  });
});

describe.skipIf(!hasPseudoTerminals())('the program on a terminal of its own', () => {
  it.each([
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', '\u0003'],
  ])('prompts, answers and leaves with 0 on %s', async (_, key) => {
    const terminal = spawn('script', ['-qec', `'${process.execPath}' '${MAIN}'`, '/dev/null'], {
      cwd,
      env: { PATH: process.env.PATH, TERM: 'xterm', NO_COLOR: '1' },
    });
    let screen = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
    });
    const shows = (text: string) =>
      vi.waitFor(() => expect(stripVTControlCharacters(screen)).toContain(text), { timeout: 15_000 });
    const ended = once(terminal, 'close');
    await shows('› ');
    terminal.stdin.write('!hi\r');
    await shows('Hello, operator!');
    terminal.stdin.write(key);
    expect(await ended).toEqual([0, null]);
  });
});

/** `script` of util-linux runs a program on a pseudo-terminal and passes its exit code on. */
function hasPseudoTerminals(): boolean {
  const { status, stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes('util-linux');
}
