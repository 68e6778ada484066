import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended } from './program.ts';

const INSTALLING_MS = 300_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LOOP = [
  'What is the capital of Atlantis?',
  '!correct last Poseidonis.',
  '!retrain',
  '!wait',
  '!promote',
  'What is the capital of Atlantis?',
].join('\n');
/** The last reply: the text that was taught, and the id of the answer. */
const LEARNED = /\nPoseidonis\.\n\(answer [0-9a-f]{8}\)\n$/;

/** The machine as it is without us: its own Node first, and nothing that npm set for this test run. */
const bare = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name))),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => !directory.includes('node_modules'))
    .join(delimiter),
  NO_COLOR: '1',
};

let temporary: string;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'packaging-'));
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function directory(name: string): string {
  const path = join(temporary, name);
  mkdirSync(path);
  return path;
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, env: bare, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function start(command: string, args: readonly string[], cwd: string) {
  const child = spawn(command, args, { cwd, env: bare });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const { promise: firstLine, resolve: sawLine } = Promise.withResolvers<void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    sawLine();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { child, ended, firstLine };
}

function run(command: string, args: readonly string[], cwd: string, input = ''): Promise<Ended> {
  const { child, ended } = start(command, args, cwd);
  child.stdin.end(input);
  return ended;
}

describe('the package, installed in an empty directory', () => {
  let home: string;
  let program: string;
  let version: string;

  beforeAll(() => {
    const packed = directory('packed');
    npm(['pack', '--silent', '--pack-destination', packed], ROOT);
    const [archive = ''] = readdirSync(packed);
    home = directory('home');
    writeFileSync(join(home, 'package.json'), '{"private":true}');
    npm(['install', '--prefer-offline', '--no-audit', '--no-fund', join(packed, archive)], home);
    program = join(home, 'node_modules', '.bin', 'training-ledger');
    version = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;
    // It builds, packs and installs everything anew.
  }, INSTALLING_MS);

  it('holds what it runs on and nothing else', () => {
    const installed = join(home, 'node_modules', 'training-ledger');
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
    const expected = /^(bin\/training-ledger\.js|dist\/.+\.js|migrations\/.+\.sql|docs\/.+\.md)$/;
    const others = files.filter((file) => !expected.test(file) && file !== 'README.md');
    expect(others.sort()).toEqual(['LICENSE', 'package.json']);
    const migrations = readdirSync(join(ROOT, 'migrations'), { recursive: true, encoding: 'utf8' });
    for (const migration of migrations.filter((name) => name.endsWith('.sql'))) {
      expect(files).toContain(`migrations/${migration}`);
    }
  });

  it('says its version, through npx and by itself', async () => {
    expect(await run('npx', ['training-ledger', '--version'], home)).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
    });
    expect(await run(program, ['--version'], home)).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('closes the loop, piped, from another directory', async () => {
    const { code, stdout, stderr } = await run(program, [], directory('elsewhere'), LOOP);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(LEARNED);
  });

  it('passes signals and exit codes on', async () => {
    const cwd = directory('signals');
    const { child, ended, firstLine } = start(program, [], cwd);
    child.stdin.write('!hi\n');
    await firstLine;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await run(program, ['--frobnicate'], cwd)).toMatchObject({ code: 2 });
    expect(await run(program, ['history', 'ffffffff'], cwd)).toMatchObject({ code: 1 });
  });

  it.skipIf(isNewEnough())('says what is missing on an old Node without the one it brings', async () => {
    rmSync(join(home, 'node_modules', 'node', 'bin'), { recursive: true });
    const { code, stdout, stderr } = await run(program, ['--version'], home);
    expect(stderr).toMatch(
      /^This needs Node\.js 22\.12 or newer and runs under [\d.]+; install a newer one\.\n$/,
    );
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe.skipIf(!existsSync(join(ROOT, '.git')))('a fresh clone', () => {
  it('opens the console with npm ci && npm start', async () => {
    const clone = join(temporary, 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${ROOT}`, clone]);
    npm(['ci', '--prefer-offline', '--no-audit', '--no-fund'], clone);
    const { code, stdout, stderr } = await run('npm', ['start', '--silent'], clone, LOOP);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(LEARNED);
    expect(existsSync(join(clone, 'data', 'ledger.sqlite'))).toBe(true);
  });
});

function isNewEnough(): boolean {
  const [major = 0, minor = 0] = execFileSync('node', ['--version'], { env: bare, encoding: 'utf8' })
    .slice(1)
    .split('.')
    .map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}
