import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { exportLedgerToFile, importLedgerFromFile } from '../../../src/adapters/ledger/transfer.ts';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import { newEvent, newStream, readAll } from '../../domain/appending.ts';
import { fill, makeDirectory, makeLedger } from './ledger-files.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let source: string;
let target: string;
let file: string;

beforeEach(async () => {
  directory = await makeDirectory();
  source = join(directory.path, 'source.sqlite');
  target = join(directory.path, 'target.sqlite');
  file = join(directory.path, 'export.jsonl');
});

afterEach(() => directory[Symbol.asyncDispose]());

async function exportTo(path: string, ledgerFile: string): Promise<StoredEvent[]> {
  const ledger = await openSqliteLedger({ file: ledgerFile });
  try {
    await exportLedgerToFile(ledger, path);
    return await readAll(ledger);
  } finally {
    await ledger.close();
  }
}

describe('an export', () => {
  it('holds an event a line, in order, as canonical JSON without its position', async () => {
    const stream = newStream();
    const ledger = await openSqliteLedger({ file: source });
    const events = [newEvent({ z: 1, a: [1e21, 0.1], é: 'ü' }), newEvent({ 'line\u2028end': '\u2029' })];
    await ledger.append(stream, 'no_stream', events);

    const { events: count } = await exportLedgerToFile(ledger, file);
    await ledger.close();

    expect(count).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(
      events.map((event, revision) => `${canonicalize({ ...event, stream, revision })}\n`).join(''),
    );
  });

  it('of an empty ledger is an empty file', async () => {
    await exportTo(file, source);

    expect(await readFile(file, 'utf8')).toBe('');
    expect(await importLedgerFromFile(target, file)).toEqual({ events: 0 });
  });

  it('replaces an earlier one and leaves nothing else behind', async () => {
    await writeFile(file, 'an earlier export');
    await makeLedger(source, 3);

    const events = await exportTo(file, source);

    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(events.length + 1);
    expect(await readdir(directory.path)).toEqual(
      expect.arrayContaining(['export.jsonl', 'source.sqlite', 'source.sqlite-head']),
    );
    expect(await readdir(directory.path)).toHaveLength(3);
  });

  it('says where it cannot be written', async () => {
    await makeLedger(source, 3);
    const missing = join(directory.path, 'missing', 'export.jsonl');
    await mkdir(file);

    await expect(exportTo(missing, source)).rejects.toThrow(`${missing} cannot be written`);
    await expect(exportTo(file, source)).rejects.toThrow(`${file} cannot be written`);
    expect(await readdir(directory.path)).not.toContain('export.jsonl.part');
  });
});

describe('an import', () => {
  it('gives the same events at the same positions, and the same bytes when it is exported again', async () => {
    const ledger = await openSqliteLedger({ file: source });
    await fill(ledger, 1_500, 2_000);
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        await ledger.append(newStream(), 'no_stream', [newEvent(JSON.parse(json.replaceAll('-0', '0')))]);
      }),
      { numRuns: 50 },
    );
    await ledger.close();
    const events = await exportTo(file, source);

    expect(await importLedgerFromFile(target, file)).toEqual({ events: events.length });

    const again = join(directory.path, 'again.jsonl');
    expect(await exportTo(again, target)).toEqual(events);
    expect(await readFile(again)).toEqual(await readFile(file));
    expect(await verifyLedger(target)).toMatchObject({ ok: true, events: events.length });
  });

  it('goes into a ledger that was opened but holds nothing', async () => {
    await makeLedger(source, 10);
    const events = await exportTo(file, source);
    await makeLedger(target, 0);

    await importLedgerFromFile(target, file);

    expect(await exportTo(file, target)).toEqual(events);
  });

  it('is refused where the ledger holds events, and changes nothing', async () => {
    await makeLedger(source, 10);
    await exportTo(file, source);
    const before = await makeLedger(target, 4);

    await expect(importLedgerFromFile(target, file)).rejects.toThrow(
      `${target} already holds 4 events; import into a data directory without a ledger.`,
    );

    expect(await exportTo(file, target)).toEqual(before);
  });

  it('says where there is no such file', async () => {
    await expect(importLedgerFromFile(target, file)).rejects.toThrow(`${file} cannot be read`);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it.each<[string, (line: string) => string | Buffer, string]>([
    ['is not JSON', (line) => line.slice(0, -5), 'it is not JSON'],
    ['is empty', () => '', 'it is not JSON'],
    ['is no event', () => '{"a":1}', 'it is not an exported event'],
    [
      'has no id that could be one',
      (line) => line.replace(/"id":"[^"]*"/, '"id":"7"'),
      'not an exported event (id:',
    ],
    ['holds more than it should', (line) => line.replace(/}$/, ',"z":1}'), 'it is not an exported event'],
    ['has white space', (line) => line.replace(':', ': '), 'it is not canonical JSON (RFC 8785)'],
    ['ends as lines on Windows do', (line) => `${line}\r`, 'it is not canonical JSON (RFC 8785)'],
    ['begins with a byte order mark', (line) => `\ufeff${line}`, 'it is not JSON'],
    [
      'is not UTF-8',
      (line) => Buffer.from(line.replace('"text":"', '"text":"\u00ff'), 'latin1'),
      'it is not UTF-8',
    ],
    [
      'has a revision that does not follow',
      (line) => line.replace(/"revision":\d+/, '"revision":7'),
      'no_stream before it',
    ],
    [
      'names a stream that cannot be',
      (line) => line.replace(/"stream":"[^"]*"/, '"stream":""'),
      'cannot be the name of a stream',
    ],
    ['is far too long', () => `{"data":"${'x'.repeat(1_100_000)}"}`, 'it is longer than'],
    [
      'holds too large an event',
      (line) => line.replace('"text":"', `"text":"${'x'.repeat(925_000)}`),
      'is over the limit',
    ],
  ])('is refused with the number of a line that %s, and leaves nothing behind', async (_, spoil, problem) => {
    const lines = Array.from({ length: 40 }, () =>
      String(canonicalize({ ...newEvent({ text: 'tea' }), stream: newStream(), revision: 0 })),
    );
    const spoilt = lines.map((line, index) => Buffer.from(index === 22 || index === 30 ? spoil(line) : line));
    await writeFile(file, Buffer.concat(spoilt.flatMap((line) => [line, Buffer.from('\n')])));

    const refused = importLedgerFromFile(target, file);

    await expect(refused).rejects.toThrow(`${file} cannot be imported, and nothing was: line 23 is bad (`);
    await expect(refused).rejects.toThrow(problem);
    expect(await readdir(directory.path)).toEqual(['export.jsonl']);
  });

  it('is refused where a line comes twice', async () => {
    const lines = Array.from({ length: 5 }, () =>
      String(canonicalize({ ...newEvent(), stream: newStream(), revision: 0 })),
    );
    await writeFile(file, `${[...lines, lines[4]].join('\n')}\n`);

    await expect(importLedgerFromFile(target, file)).rejects.toThrow(
      'line 6 is bad (it repeats an earlier line)',
    );
    expect(await readdir(directory.path)).toEqual(['export.jsonl']);
  });

  it('is refused where an id stands twice in a stream', async () => {
    const [event, stream] = [newEvent(), newStream()];
    const lines = [0, 1, 2].map((revision) =>
      String(canonicalize({ ...event, ...(revision === 1 && { id: randomUUID() }), stream, revision })),
    );
    await writeFile(file, `${lines.join('\n')}\n`);

    await expect(importLedgerFromFile(target, file)).rejects.toThrow('line 3 is bad');
  });
});
