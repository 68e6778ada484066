import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archiveDirectory, LEAST_MEMORY, readShape } from './memory-of.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** More than the process is given for its objects. */
const MEBIBYTES = 72;
const MORE_THAN_LEAST = 28;
/** Of the whole process, with Node itself. */
const MOST = 200;

describe('a large file is read in little memory', () => {
  test.each(['chat lines', 'an array', 'CSV'])('%s', { timeout: 120_000 }, async (shape) => {
    const found = await readShape(shape, MORE_THAN_LEAST, LEAST_MEMORY);
    expect(found.examples).toBeGreaterThan(0);
    expect(found.mebibytes).toBeLessThan(MOST);
  });
});

test('a large archive is written and read back in little memory', { timeout: 120_000 }, async () => {
  const data = temporaryDirectory();
  mkdirSync(join(data, 'datasets'));
  const content = Buffer.alloc(MEBIBYTES * 2 ** 19, '{"prompt":"hi","completion":"hello"}\n');
  writeFileSync(join(data, 'datasets/a.jsonl'), content);
  writeFileSync(join(data, 'datasets/b.jsonl'), content);
  expect(await archiveDirectory(data, 'datasets')).toBeLessThan(MOST);
});
