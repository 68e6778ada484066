import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVault } from '../../../src/adapters/files/vault.ts';
import { openWorkspace } from '../../../src/adapters/files/workspace.ts';
import { bytesOf, refusalOf, textOf } from './bytes.ts';
import { ended, mountsOfItsOwn, startBelow, startChild } from './child-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const sha256Of = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const fileOf = (directory: string, sha256: string) => join(directory, sha256.slice(0, 2), sha256.slice(2));
const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

describe('what is put into the vault', () => {
  test('is named by its SHA-256 and comes out as it went in', async () => {
    const vault = openVault(join(temporaryDirectory(), 'vault'));
    const stored = await vault.put([Buffer.from('grüß '), Buffer.from('dich')]);
    expect(stored).toEqual({ sha256: sha256Of('grüß dich'), bytes: 11 });
    expect(await vault.has(stored.sha256)).toBe(true);
    expect(await textOf(vault.read(stored.sha256))).toBe('grüß dich');
  });

  test.each([
    ['nothing at all', []],
    ['many small pieces', Array.from({ length: 20_000 }, (_, index) => Buffer.from(`line ${index}\n`))],
    [
      'pieces of odd sizes',
      [1, 262_143, 2, 262_144, 3, 262_145, 900_000].map((size) => Buffer.alloc(size, size)),
    ],
  ])('may be %s', async (_, pieces) => {
    const vault = openVault(temporaryDirectory());
    const content = Buffer.concat(pieces);
    const { sha256, bytes } = await vault.put(pieces);
    expect({ sha256, bytes }).toEqual({ sha256: sha256Of(content), bytes: content.length });
    expect(content.equals(await bytesOf(vault.read(sha256)))).toBe(true);
  });

  test('is there once, however often and at the same time it is put', async () => {
    const directory = temporaryDirectory();
    const vault = openVault(directory);
    const puts = Array.from({ length: 40 }, async (_, index) => {
      const pieces = index % 2 === 0 ? ['the same', ' content'] : ['the s', 'ame content'];
      return vault.put(pieces.map((piece) => Buffer.from(piece)));
    });
    const stored = await Promise.all(puts);
    expect(new Set(stored.map(({ sha256 }) => sha256))).toEqual(new Set([sha256Of('the same content')]));
    expect(filesIn(directory)).toHaveLength(1);
  });

  test('is not there where its source fails', async () => {
    const directory = temporaryDirectory();
    const vault = openVault(directory);
    async function* failing() {
      yield Buffer.alloc(500_000);
      throw new Error('the source is gone');
    }
    await expect(vault.put(failing())).rejects.toThrow('the source is gone');
    expect(filesIn(directory)).toEqual([]);
  });

  test('survives a killed process, and what that was still writing is taken away', async () => {
    const directory = temporaryDirectory();
    const [vaultDirectory, data] = [join(directory, 'vault'), join(directory, 'data')];
    const child = startChild('put-without-end.ts', [vaultDirectory, data]);
    const acknowledged = await firstLine(child.stdout);
    const isUnfinished = (name: string) => name.startsWith('.incoming-');
    const unfinished = () =>
      [vaultDirectory, join(data, 'exports')].map((place) => readdirSync(place).filter(isUnfinished).length);
    await expect.poll(unfinished).toEqual([1, 1]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(unfinished()).toEqual([1, 1]);

    const vault = openVault(vaultDirectory);
    expect(filesIn(vaultDirectory)).toHaveLength(1);
    expect(await textOf(vault.read(acknowledged))).toBe('acknowledged');
    openWorkspace(data);
    expect(readdirSync(join(data, 'exports'))).toEqual([]);
  });
});

async function firstLine(stream: AsyncIterable<unknown> | null): Promise<string> {
  let text = '';
  for await (const piece of stream ?? []) {
    text += String(piece);
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1).join();
}

describe('content that is no longer what its name says', () => {
  const large = Buffer.alloc(1_000_000, 'A large file. ');

  async function damage(content: Buffer, change: (file: string) => void) {
    const directory = temporaryDirectory();
    const vault = openVault(directory);
    const { sha256 } = await vault.put([content]);
    change(fileOf(directory, sha256));
    const given: Uint8Array[] = [];
    const reading = (async () => {
      for await (const piece of vault.read(sha256)) given.push(piece);
    })();
    const refusal = await refusalOf(reading);
    return { vault, sha256, refusal, given: Buffer.concat(given).length };
  }
  const flipLast = (file: string) => {
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(file, bytes);
  };

  test('is refused by name before a byte of a small file is given', async () => {
    const { sha256, refusal, given } = await damage(Buffer.from('small'), flipLast);
    expect(refusal).toContain(`${sha256} is damaged`);
    expect(given).toBe(0);
  });

  test.each([
    ['has a flipped byte', flipLast],
    ['is cut short', (file: string) => truncateSync(file, large.length - 1)],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['has grown', (file: string) => writeFileSync(file, 'more', { flag: 'a' })],
  ])('is never given in full where a large file %s', async (_, change) => {
    const { sha256, refusal, given } = await damage(large, change);
    expect(refusal).toContain(`${sha256} is damaged`);
    expect(given).toBeLessThan(large.length);
  });

  test('is said to be missing where it is', async () => {
    const { sha256, refusal, vault } = await damage(large, (file) => rmSync(file));
    expect(refusal).toContain(`${sha256} is missing`);
    expect(await vault.has(sha256)).toBe(false);
  });

  test('is whole again once it is put again', async () => {
    const { vault, sha256 } = await damage(large, flipLast);
    await vault.put([large]);
    expect(await textOf(vault.read(sha256))).toBe(large.toString());
  });
});

test.each(['', 'latest', '../../ledger.sqlite', 'AB'.repeat(32), `${'0'.repeat(62)}/.`])(
  'the name %j is of no content',
  async (name) => {
    const vault = openVault(temporaryDirectory());
    expect(await vault.has(name)).toBe(false);
    expect(await refusalOf(textOf(vault.read(name)))).toContain('is missing');
  },
);

describe('a full disk', () => {
  const expected = {
    results: ['The content', 'The file exports/export.txt', 'The archive of datasets'].map(
      (what) => `Refusal: ${what} was not written because the disk is full; free some space and try again.`,
    ),
    left: [[expect.stringMatching(/^[0-9a-f]{2}$/)], [], []],
    small: 22,
  };

  test.runIf(mountsOfItsOwn())('is named in one sentence and nothing is left behind', async () => {
    const directory = temporaryDirectory();
    const mount = `mount -t tmpfs -o size=1m none "$0" && exec "$@"`;
    const below = [...(mountsOfItsOwn() ?? []), 'sh', '-c', mount, directory];
    const { out } = await ended(startBelow(below, 'fill-the-disk.ts', [directory]));
    expect(JSON.parse(out)).toEqual(expected);
    expect(existsSync(join(directory, 'vault'))).toBe(false);
  });

  test('is the same where a limit on the size of files is reached', async () => {
    const directory = temporaryDirectory();
    const below = ['sh', '-c', 'ulimit -f 1250 && exec "$@"', 'sh'];
    const { out } = await ended(startBelow(below, 'fill-the-disk.ts', [directory]));
    expect(JSON.parse(out)).toEqual({
      ...expected,
      results: [expected.results[0], expected.results[1], 'it was written'],
      left: [[expect.any(String)], [], [expect.stringMatching(/^datasets-/)]],
    });
  });
});
