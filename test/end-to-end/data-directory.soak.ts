import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../program.ts';
import { id, Talk, talk, temporaryDirectory } from './talk.ts';

const ONE_SENTENCE = /^[^\n]+\.\n$/;

describe('one data directory', () => {
  it('takes one process: the second says so and ends, the first goes on', async () => {
    const directory = temporaryDirectory();
    const first = new Talk(directory);
    await first.ask('hello');
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(directory, link);
    for (const args of [['console'], ['ledger', 'export', 'x'], ['ledger', 'import', 'x']]) {
      const { code, stdout, stderr } = await run([...args, '--data-dir', link], { cwd: directory });
      expect([args, code, stdout]).toEqual([args, 1, '']);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain(`Another training-ledger process is using ${link}`);
    }
    expect((await first.ask('!correct last hi')).ok).toBe(true);
    await first.kill();
    const { replies } = await talk(directory, ['!history']);
    expect(replies[0]?.text.split('\n')).toHaveLength(2);
  });
});

describe('a damaged ledger', () => {
  const sound = mkdtempSync(join(tmpdir(), 'training-ledger-'));
  afterAll(() => rmSync(sound, { recursive: true, force: true }));
  beforeAll(async () => {
    await talk(
      sound,
      Array.from({ length: 40 }, (_, n) => `Question ${n}`),
    );
  });

  const damages: readonly (readonly [what: string, damage: (file: string) => void])[] = [
    ['cut short by one byte', (file) => truncateSync(file, readFileSync(file).length - 1)],
    ['cut short by half', (file) => truncateSync(file, readFileSync(file).length / 2)],
    ['emptied', (file) => truncateSync(file, 0)],
    ['with a flipped byte in a question', (file) => flip(file, 'Question 17')],
    ['with a flipped byte in the metadata', (file) => flip(file, '"commandId"')],
    ['with a flipped byte in its first bytes', (file) => flip(file, 'SQLite format 3')],
    ['taken away', (file) => rmSync(file)],
    ['replaced by something else', (file) => writeFileSync(file, 'x'.repeat(100_000))],
  ];

  it.each(damages)('%s is refused by name and left as it is', async (_, damage) => {
    const directory = join(temporaryDirectory(), 'data');
    cpSync(sound, directory, { recursive: true });
    const file = join(directory, 'ledger.sqlite');
    damage(file);
    const before = existsSync(file) ? readFileSync(file) : null;
    const { code, stdout, stderr } = await run(
      ['console', '--data-dir', directory],
      { cwd: directory },
      '!hi\n',
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect(stderr).toContain(file);
    expect(existsSync(file) ? readFileSync(file) : null).toEqual(before);
  });

  it('is refused by every subcommand, and nothing is written from it', async () => {
    const directory = join(temporaryDirectory(), 'data');
    cpSync(sound, directory, { recursive: true });
    flip(join(directory, 'ledger.sqlite'), 'Question 17');
    const copy = join(directory, 'copy.jsonl');
    for (const args of [
      ['history'],
      ['ledger', 'verify'],
      ['ledger', 'export', copy],
      ['projections', 'rebuild'],
    ]) {
      const { code, stdout, stderr } = await run([...args, '--data-dir', directory], { cwd: directory });
      expect([args, code, stdout]).toEqual([args, 1, '']);
      expect(stderr).toMatch(ONE_SENTENCE);
      expect(stderr).toContain('event 18 is not what was written');
    }
    expect(existsSync(copy)).toBe(false);
  });
});

describe('damage beside the ledger', () => {
  it('in the read models is mended from the ledger', async () => {
    const directory = temporaryDirectory();
    await talk(directory, ['hello', '!correct last hi']);
    const { raw: before } = await talk(directory, ['!history']);
    const file = join(directory, 'read-models.sqlite');
    truncateSync(file, readFileSync(file).length / 2);
    expect((await talk(directory, ['!history'])).raw).toEqual(before);
  });

  it('that leaves the ledger alone is made good from it: the datasets and the models', async () => {
    const directory = temporaryDirectory();
    const lines = ['hello', '!correct last hi', '!retrain', '!wait', '!promote', 'hello', '!export last'];
    const { replies } = await talk(directory, lines);
    rmSync(join(directory, 'vault'), { recursive: true });
    const { replies: after } = await talk(directory, ['hello', '!export last', '!dataset last']);
    expect(after.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(after[0]?.data).toMatchObject({ response: 'hi', model: id(replies[4], 'model') });
    expect(after[1]?.files).toEqual(replies[6]?.files);
  });

  it('in the vault is told in one sentence, and the process goes on', async () => {
    const directory = temporaryDirectory();
    const { replies } = await talk(directory, ['hello', '!correct last hi', '!retrain', '!wait', '!promote']);
    const dataset = id(replies[2], 'dataset');
    const model = id(replies[4], 'model').replace('embedded-', '');
    flip(join(directory, 'vault', model.slice(0, 2), model.slice(2)), 'hi');
    rmSync(join(directory, 'vault', dataset.slice(0, 2), dataset.slice(2)));
    const {
      replies: [asked, shown, exported, trained, waited, verified, again],
    } = await talk(directory, [
      'hello',
      `!dataset ${dataset}`,
      `!export ${dataset}`,
      `!train ${dataset}`,
      '!wait',
      `!dataset ${dataset} verify=true`,
      `!export ${dataset}`,
    ]);
    expect([asked?.ok, asked?.text]).toEqual([false, expect.stringContaining('damaged')]);
    // What was built from the ledger is only a copy of it.
    for (const reply of [shown, exported, trained, verified, again]) expect(reply?.ok).toBe(true);
    expect(waited?.data).toMatchObject({ state: 'succeeded', model: `embedded-${model}` });
    expect(readdirSync(join(directory, 'exports'))).toHaveLength(2);
  });
});

/** Changes one byte of the first occurrence of a text in a file. */
function flip(file: string, text: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(text) + text.length - 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}
