import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWorkspace } from '../../../src/adapters/files/workspace.ts';
import { refusalOf, textOf } from './bytes.ts';
import { ended, startChild } from './child-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A workspace with some files, given as their paths in the data directory. */
function workspaceWith(files: Readonly<Record<string, string>> = {}) {
  const data = join(temporaryDirectory(), 'data');
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), content);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { data, write, workspace: openWorkspace(data) };
}

describe('a file', () => {
  test('is named from the folder it is in, or for short from datasets', async () => {
    const { workspace } = workspaceWith({ 'datasets/faq.jsonl': 'faq', 'exports/deep/er/out.csv': 'out' });
    for (const path of ['datasets/faq.jsonl', 'faq.jsonl', './faq.jsonl', 'datasets//./faq.jsonl']) {
      const file = await workspace.file('local', path);
      expect({ path: file.path, bytes: file.bytes }).toEqual({ path: 'datasets/faq.jsonl', bytes: 3 });
      expect(await textOf(file.read())).toBe('faq');
    }
    const file = await workspace.file('local', 'exports/deep/er/out.csv');
    expect(await textOf(file.read())).toBe('out');
  });

  test('may have any name that is none of a path', async () => {
    const names = ['a b.txt', 'größe.txt', 'مرحبا.txt', '…', '..a', 'a..b', '-rf', '.hidden', 'C', '😀'];
    const { workspace } = workspaceWith(Object.fromEntries(names.map((name) => [`datasets/${name}`, name])));
    for (const name of names) {
      expect(await textOf((await workspace.file('local', name)).read())).toBe(name);
    }
  });

  test('can be read more than once, and is larger than a piece', async () => {
    const content = 'A large file. '.repeat(50_000);
    const { workspace } = workspaceWith({ 'datasets/large': content });
    const file = await workspace.file('local', 'large');
    expect(await textOf(file.read())).toBe(content);
    expect(await textOf(file.read())).toBe(content);
  });

  test('of another scope is out of reach', async () => {
    const { workspace, data } = workspaceWith({
      'datasets/ours.txt': 'ours',
      'guilds/4711/datasets/theirs.txt': 'theirs',
    });
    expect(await textOf((await workspace.file('4711', 'theirs.txt')).read())).toBe('theirs');
    expect(await refusalOf(workspace.file('4711', 'ours.txt'))).toBe(
      'There is no file ours.txt in datasets, archives or exports; put it into guilds/4711/datasets.',
    );
    expect(await refusalOf(workspace.file('local', 'theirs.txt'))).toContain(`${data}/datasets`);
    await expect(workspace.file('../..', 'x')).rejects.toThrow('is not the name of a scope');
  });
});

describe('the folders', () => {
  test('of the console are there from the start, those of a guild when they are needed', async () => {
    const { workspace, data } = workspaceWith();
    const folders = ['archives', 'datasets', 'exports'];
    expect(readdirSync(data).sort()).toEqual(folders);
    await refusalOf(workspace.file('4711', 'faq.jsonl'));
    expect(readdirSync(join(data, 'guilds/4711')).sort()).toEqual(folders);
  });

  test('are said to be in the way of something else', async () => {
    const { workspace } = workspaceWith({ 'guilds/4711/exports': 'a file' });
    expect(await refusalOf(workspace.file('4711', 'x'))).toMatch(
      /^guilds\/4711 has a file where .* belong; move it away\.$/,
    );
    const open = async () => workspaceWith({ datasets: 'a file' });
    expect(await refusalOf(open())).toMatch(/data has a file where .* belong; move it away\.$/);
  });
});

describe('a path that leads nowhere or outside is refused in one sentence', () => {
  test.each([
    ['', /^The path is empty; /],
    [' \t', /^The path is empty; /],
    ['/etc/passwd', /^The path \/etc\/passwd is absolute; /],
    ['//server/share', /is absolute; /],
    ['C:\\data\\faq.jsonl', /holds a backslash; /],
    ['C:/data/faq.jsonl', /is absolute; /],
    ['c:faq.jsonl', /is absolute; /],
    ['\\\\server\\share', /holds a backslash; /],
    ['..\\ledger.sqlite', /holds a backslash; /],
    ['~/faq.jsonl', /begins with ~, /],
    ['~root', /begins with ~, /],
    ['..', /holds \.\., /],
    ['../ledger.sqlite', /holds \.\., /],
    ['datasets/../../ledger.sqlite', /holds \.\., /],
    ['datasets/../datasets/faq.jsonl', /holds \.\., /],
    ['faq.jsonl\0.txt', /holds a NUL character; /],
    ['ledger.sqlite', /^There is no file ledger\.sqlite in datasets, archives or exports; put it into /],
    [
      'guilds/4711/datasets/x',
      /^There is no file guilds\/4711\/datasets\/x in datasets, archives or exports; /,
    ],
    ['vault', /^There is no file vault in /],
    ['exports/nothing', /^There is no file exports\/nothing; files are looked for in .*\/exports\.$/],
    ['out.csv', /^There is no file out\.csv in datasets; did you mean exports\/out\.csv\?$/],
    ['faq.jsonl/below', /^There is no file faq\.jsonl\/below in /],
    ['\ud800', /^There is no file /],
    ['x'.repeat(300), /^The path datasets\/x+… is too long; /],
    ['a\nb\u001b[31m', /^There is no file a\ufffdb\ufffd\[31m in /],
    ['datasets', /^datasets is a directory, and a file is meant; /],
    ['.', /^datasets is a directory, and a file is meant; /],
    ['sub/', /^datasets\/sub is a directory, and a file is meant; /],
  ])('%j', async (path, sentence) => {
    const { workspace } = workspaceWith({
      'ledger.sqlite': 'the ledger',
      'vault/x': 'x',
      'datasets/faq.jsonl': 'faq',
      'datasets/sub/x': 'x',
      'exports/out.csv': 'out',
      'guilds/4711/datasets/x': 'x',
    });
    expect(await refusalOf(workspace.file('local', path))).toMatch(sentence);
    if (/^(datasets|\.|sub\/)$/.test(path)) return;
    expect(await refusalOf(workspace.directory('local', path))).toMatch(/^\S.*[.?]$/);
    expect(await refusalOf(workspace.sources('local', path))).toMatch(/^\S.*[.?]$/);
    expect(await refusalOf(workspace.archive('local', path))).toMatch(/^\S.*[.?]$/);
  });
});

describe('a symbolic link', () => {
  const files = { 'ledger.sqlite': 'secret', 'datasets/faq.jsonl': 'faq', 'exports/out/deep.csv': 'deep' };

  test('that stays inside the folders is followed', async () => {
    const { workspace, data } = workspaceWith(files);
    symlinkSync('faq.jsonl', join(data, 'datasets/same.jsonl'));
    symlinkSync('../exports/out', join(data, 'datasets/out'));
    expect(await textOf((await workspace.file('local', 'same.jsonl')).read())).toBe('faq');
    const deep = await workspace.file('local', 'out/deep.csv');
    expect(deep.path).toBe('datasets/out/deep.csv');
    expect(await textOf(deep.read())).toBe('deep');
    const found = await workspace.directory('local', 'datasets');
    expect(found.map(({ path }) => path)).toEqual([
      'datasets/faq.jsonl',
      'datasets/out/deep.csv',
      'datasets/same.jsonl',
    ]);
  });

  test.each([
    ['to a file of the data directory', 'datasets/link', '../ledger.sqlite', 'link'],
    ['to a file of the machine', 'datasets/link', '/etc/passwd', 'link'],
    ['to a device', 'datasets/link', '/dev/zero', 'link'],
    ['to the data directory', 'datasets/link', '..', 'link/ledger.sqlite'],
    ['in the middle of a path', 'exports/out/link', '/etc', 'exports/out/link/passwd'],
    ['by way of another link', 'datasets/link', '../exports/out/second', 'link'],
    ['to another scope', 'datasets/link', '../guilds/4711/datasets', 'link/theirs'],
  ])('that leads outside is refused: %s', async (_, link, target, path) => {
    const { workspace, data, write } = workspaceWith(files);
    write('guilds/4711/datasets/theirs', 'theirs');
    symlinkSync('/etc/passwd', join(data, 'exports/out/second'));
    symlinkSync(target, join(data, link));
    expect(await refusalOf(workspace.file('local', path))).toMatch(/ is a link that leads out of datasets, /);
    expect(await refusalOf(workspace.directory('local', dirname(link)))).toMatch(/leads out of/);
    expect(await refusalOf(workspace.archive('local', dirname(link)))).toMatch(/leads out of/);
    expect(readdirSync(join(data, 'archives'))).toEqual([]);
  });

  test.each(['datasets', 'exports', 'archives'])('in place of the folder %s is refused', async (folder) => {
    const { workspace, data } = workspaceWith({ 'datasets/faq.jsonl': 'faq', 'elsewhere/x': 'secret' });
    rmSync(join(data, folder), { recursive: true });
    symlinkSync('elsewhere', join(data, folder));
    expect(await refusalOf(workspace.file('local', `${folder}/x`))).toMatch(/leads out of/);
    if (folder === 'exports') {
      expect(await refusalOf(workspace.writeExport('local', 'y', [Buffer.from('y')]))).toMatch(
        /leads out of/,
      );
    }
    if (folder === 'archives') {
      expect(await refusalOf(workspace.archive('local', 'datasets'))).toMatch(/leads out of/);
    }
    expect(readdirSync(join(data, 'elsewhere'))).toEqual(['x']);
  });

  test('in place of a scope is refused', async () => {
    const { workspace, data } = workspaceWith({ 'elsewhere/datasets/x': 'x' });
    mkdirSync(join(data, 'guilds'));
    symlinkSync('../elsewhere', join(data, 'guilds/4711'));
    expect(await refusalOf(workspace.file('4711', 'x'))).toMatch(/leads out of/);
    expect(readdirSync(join(data, 'elsewhere'))).toEqual(['datasets']);
  });

  test('that leads to itself, nowhere or to a directory above it is refused', async () => {
    const { workspace, data } = workspaceWith({ 'datasets/sub/faq.jsonl': 'faq' });
    symlinkSync('circle', join(data, 'datasets/circle'));
    symlinkSync('nowhere', join(data, 'datasets/dangling'));
    expect(await refusalOf(workspace.file('local', 'circle'))).toMatch(/leads through links in a circle; /);
    expect(await refusalOf(workspace.file('local', 'dangling'))).toMatch(/^There is no file dangling /);
    symlinkSync('..', join(data, 'datasets/sub/up'));
    expect(await refusalOf(workspace.directory('local', 'sub'))).toMatch(/links in a circle; /);
  });

  test('that takes the place of a directory after the file was found is refused', async () => {
    const { workspace, data } = workspaceWith({
      'datasets/sub/faq.jsonl': 'mine',
      'secret/faq.jsonl': 'secret',
    });
    const file = await workspace.file('local', 'sub/faq.jsonl');
    rmSync(join(data, 'datasets/sub'), { recursive: true });
    symlinkSync('../secret', join(data, 'datasets/sub'));
    expect(await refusalOf(textOf(file.read()))).toMatch(/leads out of/);
  });

  test('that takes the place of a directory again and again gives nothing away', async () => {
    const { workspace, data, write } = workspaceWith({
      'datasets/sub/faq.jsonl': 'mine',
      'secret/faq.jsonl': 'secret',
    });
    write('datasets/other.jsonl', 'other');
    const [directory, link, aside] = ['datasets/sub', 'link', 'aside'].map((path) => join(data, path));
    symlinkSync('../secret', link ?? '');
    const swapping = startChild('swap.ts', [directory ?? '', link ?? '', aside ?? '']);
    const said = new Set<string>();
    let [read, refused] = [0, 0];
    while (read < 150 || refused < 150) {
      const file = await workspace.file('local', 'sub/faq.jsonl').catch(() => undefined);
      const text = file === undefined ? undefined : await textOf(file.read()).catch(() => undefined);
      if (text === undefined) refused++;
      else read++;
      said.add(text ?? 'refused');
    }
    swapping.kill('SIGKILL');
    expect(said).toEqual(new Set(['mine', 'refused']));
  });
});

describe('what is no file', () => {
  test.each([
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
    [
      'a socket',
      async (path: string) => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(path, resolve));
        onTestFinished(() => void server.close());
      },
    ],
  ])('is refused without waiting for it: %s', async (_, make) => {
    const { workspace, data } = workspaceWith({ 'datasets/faq.jsonl': 'faq' });
    await make(join(data, 'datasets/odd'));
    const sentence = 'datasets/odd is neither a file nor a directory; name one that is.';
    expect(await refusalOf(workspace.file('local', 'odd'))).toBe(sentence);
    expect(await refusalOf(workspace.directory('local', 'datasets'))).toBe(sentence);
    expect(await refusalOf(workspace.archive('local', 'datasets'))).toBe(sentence);
  });

  test('is refused where it takes the place of a file that was found', async () => {
    const { workspace, data } = workspaceWith({ 'datasets/faq.jsonl': 'faq' });
    const file = await workspace.file('local', 'faq.jsonl');
    rmSync(join(data, 'datasets/faq.jsonl'));
    execFileSync('mkfifo', [join(data, 'datasets/faq.jsonl')]);
    expect(await refusalOf(textOf(file.read()))).toMatch(/leads out of|neither a file/);
  });
});

test('what may not be read is refused in one sentence', async () => {
  const { data } = workspaceWith({
    'datasets/private.jsonl': 'private',
    'datasets/closed/faq.jsonl': 'faq',
    'datasets/open/faq.jsonl': 'faq',
  });
  chmodSync(join(data, 'datasets/private.jsonl'), 0);
  chmodSync(join(data, 'datasets/closed'), 0);
  const paths = ['private.jsonl', 'closed/faq.jsonl', 'closed', 'datasets', 'open'];
  const { out } = await ended(startChild('read-as-nobody.ts', [data, ...paths]));
  chmodSync(join(data, 'datasets/closed'), 0o755);
  const refused = (path: string) =>
    `Refusal: datasets/${path} may not be read by this program; change its permissions.`;
  expect(JSON.parse(out)).toEqual([
    refused('private.jsonl'),
    refused('closed/faq.jsonl'),
    refused('closed'),
    expect.stringMatching(/^Refusal: datasets\/(private\.jsonl|closed) may not be read/),
    'it was read',
  ]);
});

describe('a file that changes', () => {
  const large = 'x'.repeat(1_000_000);
  test.each([
    ['grows', (path: string) => appendFileSync(path, 'more')],
    ['shrinks', (path: string) => writeFileSync(path, 'short')],
    ['is written anew', (path: string) => utimesSync(path, 1, 1)],
    [
      'is replaced',
      (path: string) => {
        writeFileSync(`${path}.new`, large);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('is not taken for whole: it %s', async (_, change) => {
    const { workspace, data } = workspaceWith({ 'datasets/log.txt': large });
    const path = join(data, 'datasets/log.txt');
    const before = await workspace.file('local', 'log.txt');
    change(path);
    expect(await refusalOf(textOf(before.read()))).toMatch(
      /^datasets\/log\.txt was changed while it was being read; /,
    );

    writeFileSync(path, large);
    const file = await workspace.file('local', 'log.txt');
    const reading = (async () => {
      let pieces = 0;
      for await (const _ of file.read()) if (pieces++ === 0) appendFileSync(path, 'more');
    })();
    expect(await refusalOf(reading)).toContain('was changed while it was being read');
  });

  test('is said to be gone where it is', async () => {
    const { workspace, data } = workspaceWith({ 'datasets/faq.jsonl': 'faq' });
    const file = await workspace.file('local', 'faq.jsonl');
    rmSync(join(data, 'datasets/faq.jsonl'));
    expect(await refusalOf(textOf(file.read()))).toMatch(/^datasets\/faq\.jsonl is no longer there; /);
  });
});

describe('a directory', () => {
  test('gives every file below it, ordered by path in code units', async () => {
    const names = ['b', 'a/z', 'a-b', 'a/b/c', 'Z', 'é', 'z', '😀', '\u{ff5e}'];
    const { workspace } = workspaceWith(
      Object.fromEntries(names.map((name) => [`datasets/set/${name}`, name])),
    );
    const files = await workspace.directory('local', 'set');
    const order = ['Z', 'a-b', 'a/b/c', 'a/z', 'b', 'z', 'é', '😀', '\u{ff5e}'];
    expect(files.map(({ path }) => path)).toEqual(order.map((name) => `datasets/set/${name}`));
    for (const file of files) expect(await textOf(file.read())).toBe(file.path.slice('datasets/set/'.length));
  });

  test('leaves out what is hidden, which can still be named', async () => {
    const { workspace } = workspaceWith({
      'datasets/.DS_Store': 'x',
      'datasets/.git/config': 'x',
      'datasets/a': 'a',
    });
    const files = await workspace.directory('local', 'datasets');
    expect(files.map(({ path }) => path)).toEqual(['datasets/a']);
    expect((await workspace.file('local', '.DS_Store')).bytes).toBe(1);
    expect(await refusalOf(workspace.directory('local', 'archives'))).toMatch(
      /^There is no file in archives; /,
    );
  });

  test('is not a file', async () => {
    const { workspace } = workspaceWith({ 'datasets/faq.jsonl': 'faq' });
    expect(await refusalOf(workspace.directory('local', 'faq.jsonl'))).toBe(
      'datasets/faq.jsonl is a file, and a directory is meant; name the directory it is in.',
    );
    expect(await refusalOf(workspace.directory('local', 'nothing'))).toMatch(
      /^There is no directory nothing in /,
    );
  });

  test('with a name that cannot be given again is refused', async () => {
    const { workspace, data } = workspaceWith({ 'datasets/a\\b': 'x' });
    expect(await refusalOf(workspace.directory('local', 'datasets'))).toMatch(
      /whose name a\\b has a backslash/,
    );
    rmSync(join(data, 'datasets/a\\b'));
    const invalid = Buffer.concat([Buffer.from(join(data, 'datasets/')), Buffer.of(0xff, 0x61)]);
    writeFileSync(invalid, 'x');
    expect(await refusalOf(workspace.directory('local', 'datasets'))).toMatch(/is not UTF-8; rename it\.$/);
  });
});

test('one file or every file of a directory are the sources of a dataset', async () => {
  const { workspace } = workspaceWith({ 'datasets/set/a': 'a', 'datasets/set/b': 'b' });
  const paths = async (path: string) => (await workspace.sources('local', path)).map((file) => file.path);
  expect(await paths('set/a')).toEqual(['datasets/set/a']);
  expect(await paths('set')).toEqual(['datasets/set/a', 'datasets/set/b']);
  expect(await refusalOf(workspace.sources('local', 'c'))).toMatch(/^There is no file or directory c in /);
});

describe('an export', () => {
  test('is written whole, and anew under the same name', async () => {
    const { workspace, data } = workspaceWith();
    for (const content of ['first', 'second']) {
      const written = await workspace.writeExport('4711', 'faq.jsonl', [Buffer.from(content)]);
      expect(written).toMatchObject({ path: 'exports/faq.jsonl', bytes: content.length });
      expect(await textOf((await workspace.file('4711', written.path)).read())).toBe(content);
    }
    expect(readdirSync(join(data, 'guilds/4711/exports'))).toEqual(['faq.jsonl']);
  });

  test('stays as it was where the new one cannot be written', async () => {
    const { workspace, data } = workspaceWith({ 'exports/faq.jsonl': 'old' });
    async function* failing() {
      yield Buffer.from('new');
      expect(readFileSync(join(data, 'exports/faq.jsonl'), 'utf8')).toBe('old');
      throw new Error('no more');
    }
    await expect(workspace.writeExport('local', 'faq.jsonl', failing())).rejects.toThrow('no more');
    expect(readFileSync(join(data, 'exports/faq.jsonl'), 'utf8')).toBe('old');
    expect(readdirSync(join(data, 'exports'))).toEqual(['faq.jsonl']);
  });

  test('replaces a link and does not write through it', async () => {
    const { workspace, data } = workspaceWith({ 'ledger.sqlite': 'the ledger' });
    symlinkSync('../ledger.sqlite', join(data, 'exports/faq.jsonl'));
    await workspace.writeExport('local', 'faq.jsonl', [Buffer.from('new')]);
    expect(readFileSync(join(data, 'ledger.sqlite'), 'utf8')).toBe('the ledger');
    expect(readFileSync(join(data, 'exports/faq.jsonl'), 'utf8')).toBe('new');
  });

  test.each(['', '.', '..', '../x', 'a/b', '/x', 'a\\b', 'a\0b', '.hidden', 'x'.repeat(300), 'taken'])(
    'cannot be called %j',
    async (name) => {
      const { workspace, data } = workspaceWith({ 'exports/taken/x': 'x' });
      expect(await refusalOf(workspace.writeExport('local', name, [Buffer.from('x')]))).toMatch(/\S/);
      expect(readdirSync(join(data, 'exports'))).toEqual(['taken']);
      expect(existsSync(join(data, 'x'))).toBe(false);
    },
  );
});

describe('a file for one person', () => {
  test('has a name that nobody can guess, and by which nobody but a reply gets it', async () => {
    const { workspace } = workspaceWith();
    const written = await Promise.all(
      [1, 2].map(() => workspace.writePrivate('4711', [Buffer.from('mine')])),
    );
    expect(new Set(written.map(({ path }) => path)).size).toBe(2);
    for (const { path, bytes } of written) {
      expect(path).toMatch(
        /^private\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.jsonl$/,
      );
      expect(bytes).toBe(4);
      expect(await textOf((await workspace.fileOfReply('4711', path)).read())).toBe('mine');
      expect(await refusalOf(workspace.fileOfReply('local', path))).toMatch(/^There is no file /);
      for (const asked of ['file', 'sources'] as const)
        expect(await refusalOf(workspace[asked]('4711', path))).toMatch(/^There is no /);
    }
  });

  test('is kept for a day: then it is gone with the next one, or at the next start', async () => {
    const { workspace, data } = workspaceWith();
    const aDayAgo = (Date.now() - 25 * 60 * 60_000) / 1000;
    const old = async (scope: string, root: string) => {
      const { path } = await workspace.writePrivate(scope, [Buffer.from('mine')]);
      utimesSync(join(root, path), aDayAgo, aDayAgo);
      return join(root, path);
    };
    const guild = join(data, 'guilds/4711');
    const olds = [await old('local', data), await old('4711', guild)];
    const { path } = await workspace.writePrivate('4711', [Buffer.from('new')]);
    expect(olds.map(existsSync)).toEqual([true, false]);
    openWorkspace(data, { isShared: true });
    expect([...olds, join(guild, path)].map(existsSync)).toEqual([false, false, true]);
  });

  test('is found in no directory that can be named', async () => {
    const { workspace, data } = workspaceWith({ 'datasets/faq.jsonl': 'faq' });
    const { path } = await workspace.writePrivate('local', [Buffer.from('mine')]);
    for (const named of [
      'private',
      'private/',
      './private',
      'private/.',
      'datasets/private',
      'exports/../private',
    ]) {
      expect(await refusalOf(workspace.directory('local', named))).toMatch(/\S/);
      expect(await refusalOf(workspace.sources('local', named))).toMatch(/\S/);
      expect(await refusalOf(workspace.archive('local', named))).toMatch(/\S/);
      expect(await refusalOf(workspace.file('local', named))).toMatch(/\S/);
    }
    symlinkSync(join(data, 'private'), join(data, 'datasets', 'link'));
    expect(await refusalOf(workspace.archive('local', 'datasets/link'))).toMatch(/\S/);
    expect(
      await refusalOf(workspace.file('local', `datasets/link/${path.slice('private/'.length)}`)),
    ).toMatch(/\S/);
  });
});
