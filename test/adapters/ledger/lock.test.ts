import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockDataDirectory } from '../../../src/adapters/ledger/lock.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

let directory: string;
let refusal: unknown;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
  refusal = expect.objectContaining({
    name: 'Refusal',
    message: `Another training-ledger process is using ${directory}; stop it or choose another --data-dir.`,
  });
});

afterEach(() => rm(directory, { recursive: true, force: true }));

it('keeps a second use in the same process away until it is released', () => {
  const lock = lockDataDirectory(directory);

  expect(() => lockDataDirectory(directory)).toThrow(refusal);
  lock.release();

  lockDataDirectory(directory).release();
});

it('keeps a second process away, and is let go of when that is killed', async () => {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', holdLock(directory)]);
  const [said] = await once(holder.stdout, 'data');
  expect(String(said)).toBe('locked');

  expect(() => lockDataDirectory(directory)).toThrow(refusal);
  holder.kill('SIGKILL');
  await once(holder, 'exit');

  lockDataDirectory(directory).release();
});

it('is held as long as nothing releases it, whatever the garbage collector does', async () => {
  lockDataDirectory(directory);

  await provokeGarbageCollection();

  expect(() => lockDataDirectory(directory)).toThrow(refusal);
});

it('locks each directory by itself', async () => {
  const other = join(directory, 'other');
  await mkdir(other);

  const locks = [lockDataDirectory(directory), lockDataDirectory(other)];

  for (const lock of locks) lock.release();
});

it('says what is wrong where there is no such directory', () => {
  expect(() => lockDataDirectory(join(directory, 'missing'))).toThrow(Refusal);
});

it('says what is wrong where the lock file is something else', async () => {
  await writeFile(
    join(directory, 'ledger.lock'),
    'This was written by a person, and by nobody else but that person.',
  );

  expect(() => lockDataDirectory(directory)).toThrow(/ledger\.lock cannot be locked/);
});

function holdLock(toLock: string): string {
  const lock = new URL('../../../src/adapters/ledger/lock.ts', import.meta.url);
  return `
    const { lockDataDirectory } = await import(${JSON.stringify(lock.href)});
    lockDataDirectory(${JSON.stringify(toLock)});
    process.stdout.write('locked');
    setInterval(() => {}, 1000);
  `;
}

async function provokeGarbageCollection(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  await runInNewContext('gc')({ execution: 'async', type: 'major' });
}
