import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Program } from '../../program.ts';
import { mostMebibytes } from './children/most-memory.ts';
import { contentOf } from './children/shapes.ts';
import { archiveDirectory, LITTLE_MEMORY, readShape, takeInShapes } from './memory-of.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** MiB of the whole process, with Node itself. */
const MOST = 200;

describe('a file of 1 GiB is read in less than 200 MiB of memory', () => {
  test.each([
    ['chat lines', 'examples'],
    ['an array', 'examples'],
    ['CSV', 'examples'],
    ['bad lines', 'reasons'],
    ['one endless line', 'reasons'],
    ['one endless string', 'reasons'],
    ['an array of one endless string', 'reasons'],
    ['an array in an array in an array', 'reasons'],
    ['CSV with a quote that is never closed', 'reasons'],
    ['CSV with nothing but separators', 'reasons'],
    ['lines as long as may be', 'examples'],
    ['malformed lines as long as may be', 'reasons'],
    ['lines of nothing but brackets', 'reasons'],
    ['lines of many fields', 'reasons'],
    ['chats as long as may be that end with the question', 'reasons'],
    ['CSV records as long as may be', 'examples'],
  ] as const)('%s', async (shape, kind) => {
    const found = await readShape(shape, 1024);
    expect(found[kind]).toBeGreaterThan(0);
    expect(found.mebibytes).toBeLessThan(MOST);
  });
});

describe.skipIf(process.platform !== 'linux')('a file of 256 MiB whose examples stand apart', () => {
  test.each(['CSV with an answer on two lines', 'lines with a blank line between'])(
    '%s: is taken in by the program in little more memory than it has anyway',
    async (shape) => {
      const data = temporaryDirectory();
      mkdirSync(join(data, 'datasets'));
      const path = shape.startsWith('CSV') ? 'large.csv' : 'large.jsonl';
      await writeFile(join(data, 'datasets', path), contentOf(shape, 2 ** 28));
      const program = new Program(['--json', '--data-dir', data], {
        cwd: data,
        env: { NODE_OPTIONS: LITTLE_MEMORY.join(' ') },
      });
      program.send('!hi\n');
      await program.lines(1);
      const before = mostMebibytes(program.child.pid);
      program.send(`!select_dataset ${path} skip_invalid=true\n`);
      await vi.waitFor(() => expect(program.stdout.split('\n')).toHaveLength(3), {
        timeout: 14 * 60_000,
        interval: 500,
      });
      const most = mostMebibytes(program.child.pid);
      expect(JSON.parse(program.stdout.split('\n')[1] ?? '')).toMatchObject({ ok: true });
      expect(await program.end()).toMatchObject({ code: 0, stderr: '' });
      expect(most - before).toBeLessThan(MOST / 2);
    },
  );
});

test('a file too large for the first zip format is archived and read back in little memory', async () => {
  const data = temporaryDirectory();
  mkdirSync(join(data, 'datasets'));
  const large = join(data, 'datasets/large');
  writeFileSync(large, '');
  truncateSync(large, 2 ** 32 + 1_000_000);
  writeFileSync(join(data, 'datasets/small'), 'small');
  expect(await archiveDirectory(data, 'datasets')).toBeLessThan(MOST);
});

test('examples that do not stand line after line are taken in without holding anything of each', async () => {
  const shapes = ['CSV with a record on two lines', 'lines with now one and now two blank lines between'];
  const found = await takeInShapes(temporaryDirectory(), shapes, 1);
  expect(found.examples).toBeGreaterThan(150_000);
  expect(found.mebibytes).toBeLessThan(MOST);
});
