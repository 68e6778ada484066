import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPromise } from 'yauzl';
import { openWorkspace } from '../../../src/adapters/files/workspace.ts';
import { ZipArchive } from '../../../src/adapters/files/zip-archive.ts';
import { bytesOf, refusalOf, sourceOf } from './bytes.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const sha256Of = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

function workspaceWith(files: Readonly<Record<string, string | Buffer>>) {
  const data = temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), content);
  }
  return { data, workspace: openWorkspace(data) };
}

/** The entries of a zip in their order, read by the library alone. */
async function entriesOf(zipFile: string): Promise<[name: string, content: Buffer][]> {
  const zip = await openPromise(zipFile, { lazyEntries: true, autoClose: false });
  const entries: [string, Buffer][] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push([entry.fileName, await bytesOf(await zip.openReadStreamPromise(entry))]);
  }
  zip.close();
  return entries;
}

const files = {
  'datasets/set/b.jsonl': 'second\n',
  'datasets/set/a/größe 😀.csv': 'prompt,completion\n',
  'datasets/set/empty': '',
  'datasets/set/.hidden': 'kept as well',
  'datasets/set/MANIFEST.json': 'not the one of the archive',
  'datasets/set/large': Buffer.alloc(3_000_000, 'A large file that deflates well. '),
  'datasets/other.jsonl': 'not in it',
};
const archived = [
  'datasets/set/.hidden',
  'datasets/set/MANIFEST.json',
  'datasets/set/a/größe 😀.csv',
  'datasets/set/b.jsonl',
  'datasets/set/empty',
  'datasets/set/large',
] as const;

describe('an archive', () => {
  test('holds every file below the directory and a manifest of their hashes, and the files stay', async () => {
    const { data, workspace } = workspaceWith(files);
    const archive = await workspace.archive('local', 'set');
    const zip = readFileSync(join(data, archive.path));
    expect(archive).toEqual({
      path: expect.stringMatching(/^archives\/datasets-set-[0-9a-f]{16}\.zip$/),
      bytes: zip.length,
      sha256: sha256Of(zip),
      directory: 'datasets/set',
      files: archived.length,
      manifest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });

    const entries = await entriesOf(join(data, archive.path));
    expect(entries.map(([name]) => name)).toEqual([...archived, 'MANIFEST.json']);
    for (const [name, content] of entries.slice(0, -1)) {
      expect(content.equals(readFileSync(join(data, name)))).toBe(true);
    }
    const manifest = entries.at(-1)?.[1] ?? Buffer.alloc(0);
    expect(sha256Of(manifest)).toBe(archive.manifest);
    expect(JSON.parse(manifest.toString())).toEqual({
      directory: 'datasets/set',
      files: archived.map((path) => {
        const content = readFileSync(join(data, path));
        return { path, bytes: content.length, sha256: sha256Of(content) };
      }),
    });
  });

  test('has the same bytes and name for the same content, whenever and wherever it is made', async () => {
    const zone = process.env.TZ;
    onTestFinished(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    const archives = [];
    for (const [index, timeZone] of [
      'Pacific/Kiritimati',
      'America/Los_Angeles',
      'Asia/Kathmandu',
    ].entries()) {
      process.env.TZ = timeZone;
      expect(new Date(0).getHours()).not.toBe(0);
      const { data, workspace } = workspaceWith(files);
      utimesSync(join(data, 'datasets/set/b.jsonl'), index * 1e9, index * 1e9);
      archives.push(await workspace.archive('local', 'datasets/set'));
      expect(await workspace.archive('local', 'set')).toEqual(archives[0]);
      expect(readdirSync(join(data, 'archives'))).toHaveLength(1);
    }
    expect(archives[1]).toEqual(archives[0]);
    expect(archives[2]).toEqual(archives[0]);
  });

  test('of other content has another name', async () => {
    const { data, workspace } = workspaceWith(files);
    const before = await workspace.archive('local', 'set');
    writeFileSync(join(data, 'datasets/set/b.jsonl'), 'Second\n');
    const after = await workspace.archive('local', 'set');
    expect(after.path).not.toBe(before.path);
    expect(readdirSync(join(data, 'archives'))).toHaveLength(2);
  });

  test('may be made of the archives themselves', async () => {
    const { data, workspace } = workspaceWith(files);
    const first = await workspace.archive('local', 'set');
    const second = await workspace.archive('local', 'archives');
    const third = await workspace.archive('local', 'archives');
    const names = async (path: string) => (await entriesOf(join(data, path))).map(([name]) => name);
    expect(await names(second.path)).toEqual([first.path, 'MANIFEST.json']);
    expect(await names(third.path)).toEqual([...[first.path, second.path].sort(), 'MANIFEST.json']);
  });

  test('of nothing is refused', async () => {
    const { data, workspace } = workspaceWith({
      'datasets/faq.jsonl': 'x',
      'datasets/empty/deeper/.incoming-x': '',
    });
    expect(await refusalOf(workspace.archive('local', 'empty'))).toBe(
      'There is no file in datasets/empty; put one there or name another directory.',
    );
    expect(await refusalOf(workspace.archive('local', 'faq.jsonl'))).toMatch(
      /is a file, and a directory is meant; /,
    );
    expect(readdirSync(join(data, 'archives'))).toEqual([]);
  });

  test('with a very long name of a directory can still be written', async () => {
    const name = '😀'.repeat(60);
    const { workspace } = workspaceWith({ [`datasets/${name}/x`]: 'x' });
    expect((await workspace.archive('local', name)).files).toBe(1);
  });
});

describe('an archive is read back before it is kept, and thrown away', () => {
  const sources = [
    sourceOf('datasets/a', ['first', ' file']),
    sourceOf('datasets/b', [Buffer.alloc(100_000, 'b')]),
  ];

  async function written(change: (file: string) => void) {
    const zip = new ZipArchive('datasets', sources);
    const file = join(temporaryDirectory(), 'written.zip');
    writeFileSync(file, await bytesOf(zip.content()));
    await zip.verify(file);
    change(file);
    return refusalOf(zip.verify(file));
  }
  const flip = (at: number) => (file: string) => {
    const bytes = readFileSync(file);
    const index = at < 0 ? bytes.length + at : at;
    bytes.writeUInt8(bytes.readUInt8(index) ^ 0x10, index);
    writeFileSync(file, bytes);
  };

  test.each([
    ['where a byte of a file is flipped', flip(45)],
    [
      'where a name is flipped',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.write('c', bytes.lastIndexOf('datasets/b') + 9);
        writeFileSync(file, bytes);
      },
    ],
    ['where the directory of the zip is flipped', flip(-60)],
    ['where it is cut short', (file: string) => truncateSync(file, 200)],
    ['where it is gone', (file: string) => rmSync(file)],
  ])('%s', async (_, change) => {
    expect(await written(change)).toMatch(/^The archive was thrown away because .* could not be read back /);
  });

  test('where a file in it is missing', async () => {
    const zip = new ZipArchive('datasets', sources);
    await bytesOf(zip.content());
    const other = new ZipArchive('datasets', sources.slice(0, 1));
    const file = join(temporaryDirectory(), 'other.zip');
    writeFileSync(file, await bytesOf(other.content()));
    expect(await refusalOf(zip.verify(file))).toContain('could not be read back');
  });
});

test('a source that cannot be read to its end ends the archive, and so does a reader that leaves', async () => {
  let isClosed = false;
  const failing = {
    ...sourceOf('datasets/b', []),
    read: async function* () {
      try {
        for (let count = 0; count < 1_000; count++) yield Buffer.alloc(65_536, count);
        throw new Error('the disk is gone');
      } finally {
        isClosed = true;
      }
    },
  };
  const sources = [sourceOf('datasets/a', ['a']), failing];
  await expect(bytesOf(new ZipArchive('datasets', sources).content())).rejects.toThrow('the disk is gone');

  isClosed = false;
  for await (const _ of new ZipArchive('datasets', [failing]).content()) break;
  await expect.poll(() => isClosed).toBe(true);
});
