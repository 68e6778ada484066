import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { LedgerSchema } from '../../../src/adapters/ledger/sqlite/schema.ts';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { importLedgerFromFile } from '../../../src/adapters/ledger/transfer.ts';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { openReadModels } from '../../../src/projections/projector.ts';
import { newEvent, readAll } from '../../domain/appending.ts';
import { run as runProgram } from '../../program.ts';
import { judge } from './damage.ts';
import {
  exportedFrom,
  exportOf,
  namesIn,
  recorded,
  recordedExport,
  UPGRADED,
  writeAsFirstRelease,
} from './first-release.ts';
import { makeSmallDisk, makeSmallQuota } from './full-disk.ts';
import { killDuringUpgrade } from './killed-upgrades.ts';
import {
  copyLedger,
  fingerprints,
  flipByte,
  makeDirectory,
  makeLedger,
  sizeOf,
  tamper,
  tamperWithEvents,
} from './ledger-files.ts';

const run = promisify(execFile);
const opening = new URL('./opening.ts', import.meta.url).pathname;

const mask = fc.integer({ min: 1, max: 255 });
/** A share of a file. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** A directory with a ledger of the first release in it. */
async function place(name: keyof typeof recorded) {
  const directory = await makeDirectory();
  const file = join(directory.path, 'ledger.sqlite');
  await copyLedger(recorded[name].file, file);
  return { directory, file, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

describe.each(['closed', 'killed'] as const)('a ledger of the first release that was %s', (name) => {
  const { events, hash } = recorded[name];

  it('is opened with all that it held to the byte, and stays beside it', async () => {
    await using placed = await place(name);
    const { directory, file } = placed;
    const tellUpgrade = vi.fn();

    const ledger = await openSqliteLedger({ file, tellUpgrade });
    const exported = await exportOf(ledger);
    await ledger.close();

    expect(exported).toBe(await recordedExport(name));
    expect(tellUpgrade.mock.calls).toEqual([[{ file, events, kept: `${file}.version-1` }]]);
    expect(await verifyLedger(file)).toMatchObject({ ok: true, events });
    expect(await verifyLedger(`${file}.version-1`)).toMatchObject({ ok: true, events, hash });
    expect(await namesIn(directory.path)).toEqual(UPGRADED);
  });

  it('is upgraded once', async () => {
    await using placed = await place(name);
    const { directory, file } = placed;
    await exportedFrom(file);
    const tellUpgrade = vi.fn();

    const again = await openSqliteLedger({ file, tellUpgrade });
    await again.close();

    expect(tellUpgrade).not.toHaveBeenCalled();
    expect(await namesIn(directory.path)).toEqual(UPGRADED);
  });

  it('is verified as the first release did, and not changed by that', async () => {
    await using placed = await place(name);
    const { file } = placed;
    const before = await fingerprints(file);

    expect(await verifyLedger(file)).toMatchObject({ ok: true, events, hash });

    expect(await fingerprints(file)).toEqual(before);
  });

  it('takes appends where its streams ended, and recognises those that it has', async () => {
    await using placed = await place(name);
    const { file } = placed;
    const ledger = await openSqliteLedger({ file });
    const last = (await readAll(ledger)).at(-1) ?? expect.fail('there are no events');
    const { stream, revision, id, type, data, metadata } = last;
    const before = revision === 0 ? 'no_stream' : revision - 1;

    expect(await ledger.append(stream, before, [{ id, type, data, metadata }])).toEqual({
      revision,
      position: String(events),
    });
    expect(await ledger.append(stream, revision, [newEvent()])).toEqual({
      revision: revision + 1,
      position: String(events + 1),
    });
    await ledger.close();
    expect(await verifyLedger(file)).toMatchObject({ ok: true, events: events + 1 });
  });

  it('never delivers anything but what was written after a flipped byte', async () => {
    await using whole = await place(name);
    const ledger = await openSqliteLedger({ file: whole.file });
    const original = await readAll(ledger);
    await ledger.close();
    await fc.assert(
      fc.asyncProperty(
        share,
        mask,
        fc.constantFrom('', '-wal'),
        fc.boolean(),
        async (at, bits, part, alone) => {
          await using placed = await place(name);
          const { file } = placed;
          const size = await sizeOf(`${file}${part}`).catch(() => 0);
          fc.pre(size > 0);
          // A torn end of the log can be told from a commit that was under way by the note only.
          if (alone && part === '') await rm(`${file}-head`);
          await flipByte(`${file}${part}`, Math.floor(at * size), bits);

          const verdict = await judge(file, original);

          expect(verdict.kind).not.toBe('silently changed');
          if (name === 'closed' && !alone) expect(verdict.kind).toBe('refused');
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a ledger of the first release that is not sound', () => {
  it.each([
    [
      'an event was changed',
      `UPDATE events SET data = '{"text":"forged"}' WHERE position = 17`,
      'is damaged (event 17 is not what was written); restore it from a backup or an export.',
    ],
    [
      'an event was taken out',
      'DELETE FROM events WHERE position = 17',
      'is damaged (event 17 is missing); restore it from a backup or an export.',
    ],
    [
      'the newest events were taken away',
      'DELETE FROM events WHERE position > 80',
      'has lost its newest events (it ends at event 80, and event 82 was acknowledged)',
    ],
    [
      'the table of events was changed',
      'ALTER TABLE events ADD COLUMN more TEXT',
      'was tampered with (the table events was changed)',
    ],
  ])('is refused by name and left as it is where %s', async (_, sql, problem) => {
    await using placed = await place('closed');
    const { directory, file } = placed;
    tamperWithEvents(file, sql);
    const before = await fingerprints(file);

    await expect(openSqliteLedger({ file })).rejects.toThrow(new RegExp(`^${escaped(`${file} ${problem}`)}`));

    expect(await verifyLedger(file)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
    expect(await fingerprints(file)).toEqual(before);
    expect(await namesIn(directory.path)).toEqual(['ledger.sqlite', 'ledger.sqlite-head']);
  });
});

it('read models that were made from it go on where they were', async () => {
  await using placed = await place('closed');
  const { directory, file } = placed;
  const text = join(directory.path, 'export.jsonl');
  await writeFile(text, await recordedExport('closed'));
  const twin = join(directory.path, 'twin.sqlite');
  await importLedgerFromFile(twin, text);
  const readModelsFile = join(directory.path, 'read-models.sqlite');
  const made = await openSqliteLedger({ file: twin });
  const before = await openReadModels({ file: readModelsFile, ledger: made });
  const head = before.head();
  await before.close();
  await made.close();

  const upgraded = await openSqliteLedger({ file });
  const delivered: string[] = [];
  const watched: Ledger = Object.assign(Object.create(upgraded), {
    append: upgraded.append.bind(upgraded),
    readStream: upgraded.readStream.bind(upgraded),
    subscribe: upgraded.subscribe.bind(upgraded),
    head: () => upgraded.head(),
    compare: (a: string, b: string) => upgraded.compare(a, b),
    async *readAll(options: Parameters<Ledger['readAll']>[0]) {
      for await (const event of upgraded.readAll(options)) {
        delivered.push(event.position);
        yield event;
      }
    },
  });
  const after = await openReadModels({ file: readModelsFile, ledger: watched });

  expect(after.head()).toEqual(head);
  expect(head.position).toBe(String(recorded.closed.events));
  // The one where they were, to see that it is the same ledger.
  expect(delivered.length).toBeLessThan(2);
  await after.close();
  await upgraded.close();
});

it('keeps a second old file under a name of its own where a backup was put back', async () => {
  await using placed = await place('closed');
  const { directory, file } = placed;
  await exportedFrom(file);
  const first = await fingerprints(`${file}.version-1`);
  await copyLedger(recorded.killed.file, file);

  expect(await exportedFrom(file)).toBe(await recordedExport('killed'));

  expect(await fingerprints(`${file}.version-1`)).toEqual(first);
  expect(await verifyLedger(`${file}.version-1-2`)).toMatchObject({ ok: true, hash: recorded.killed.hash });
  expect(await namesIn(directory.path)).toHaveLength(UPGRADED.length + 2);
});

it('is not upgraded while another program has it open', async () => {
  await using placed = await place('killed');
  const { directory, file } = placed;
  const other = new Database(file);
  other.prepare('SELECT count(*) FROM events').get();

  await expect(openSqliteLedger({ file })).rejects.toThrow(
    `${file} is to be upgraded and another program has it open; close that and start again.`,
  );
  other.close();

  expect(await exportedFrom(file)).toBe(await recordedExport('killed'));
  expect(await namesIn(directory.path)).toEqual(UPGRADED);
});

it('is upgraded by one of two programs that start at once, which says so', async () => {
  await using placed = await place('closed');
  const { directory, file } = placed;
  const start = (name: string) =>
    runProgram(['ledger', 'export', join(directory.path, name), '--data-dir', directory.path], {
      cwd: directory.path,
    });

  const ended = await Promise.all([start('one.jsonl'), start('other.jsonl')]);

  const said = `${file} was written by an earlier version and has been upgraded with all of its 82 events; the old file is kept as ${file}.version-1.\n`;
  const refused = `Another training-ledger process is using ${directory.path}; stop it or choose another --data-dir.\n`;
  // Where the other one came late enough, it finds the ledger upgraded.
  expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    expect.arrayContaining([{ code: 0, stderr: said }]),
  );
  expect([said, '', refused]).toEqual(expect.arrayContaining(ended.map(({ stderr }) => stderr)));
  expect(ended.filter(({ stderr }) => stderr === said)).toHaveLength(1);
  expect(await exportedFrom(file)).toBe(await recordedExport('closed'));
});

it('is upgraded where files cannot have a second name', async () => {
  await using placed = await place('closed');
  const { directory, file } = placed;

  await run(process.execPath, [opening, file, '0', 'no links']);

  expect(await namesIn(directory.path)).toEqual(UPGRADED);
  expect(await readFile(`${file}.version-1`)).toEqual(await readFile(recorded.closed.file));
  expect(await exportedFrom(file)).toBe(await recordedExport('closed'));
});

it('is there as a whole, old or new, whenever the process was killed', async () => {
  await killDuringUpgrade(4, Math.random);

  expect.hasAssertions();
}, 60_000);

describe('where there is no room', () => {
  it('is refused and stays as it was, and is upgraded when there is room', async ({ skip }) => {
    await using disk = await makeSmallDisk().catch(() => skip('only those who may mount a file system'));
    await using elsewhere = await makeDirectory();
    const original = join(elsewhere.path, 'original.sqlite');
    const events = 1_500;
    await writeAsFirstRelease(original, events);
    const file = join(disk.path, 'ledger.sqlite');
    const ballast = join(disk.path, 'ballast');
    let refusals = 0;
    for (let free = 0; ; free += 64 * 1024) {
      for (const name of await readdir(disk.path)) await rm(join(disk.path, name));
      await copyLedger(original, file);
      const { bavail, bsize } = await statfs(disk.path);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)));

      const opened = await openSqliteLedger({ file }).catch((error: Error) => error);

      if (!(opened instanceof Error)) {
        await opened.close();
        break;
      }
      refusals++;
      expect(opened).toMatchObject({ name: 'Refusal', message: expect.stringContaining(file) });
      await rm(ballast);
      expect(await verifyLedger(file)).toMatchObject({ ok: true, events });
      expect((await exportedFrom(file)).split('\n')).toHaveLength(events + 1);
    }
    expect(refusals).toBeGreaterThan(2);
  }, 60_000);

  it('says what is needed', async () => {
    await using place = await makeSmallQuota();
    const file = join(place.path, 'ledger.sqlite');
    await writeAsFirstRelease(file, 3_000, 1_000);
    const child = place.spawn(opening, file);
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });

    expect(await once(child, 'close')).toEqual([1, null]);

    expect(said).toMatch(/ could not be upgraded \(.+\), so it stays as it was; see that .+ has \d+ MB free/);
    expect((await exportedFrom(file)).split('\n')).toHaveLength(3_001);
  });
});

it('is not changed by the migration alone, which could only throw its events away', async () => {
  await using placed = await place('closed');
  const database = new Database(placed.file);

  expect(() => new LedgerSchema().migrate(database)).toThrow('events are never taken away');

  database.close();
  expect(await exportedFrom(placed.file)).toBe(await recordedExport('closed'));
});

it('a ledger with checksums that is still numbered as the first release is opened as it is', async () => {
  await using directory = await makeDirectory();
  const file = join(directory.path, 'ledger.sqlite');
  const events = await makeLedger(file, 100);
  await rm(`${file}-head`);
  tamper(file, 'PRAGMA user_version = 1');

  expect(await judge(file, events)).toEqual({ kind: 'intact' });
  expect(await namesIn(directory.path)).toEqual(['ledger.sqlite', 'ledger.sqlite-head']);
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
