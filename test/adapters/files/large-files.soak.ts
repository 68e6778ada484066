import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archiveDirectory, readShape } from './memory-of.ts';
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
    ['CSV records as long as may be', 'examples'],
  ] as const)('%s', async (shape, kind) => {
    const found = await readShape(shape, 1024);
    expect(found[kind]).toBeGreaterThan(0);
    expect(found.mebibytes).toBeLessThan(MOST);
  });
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
