import { copyFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumOf, eventText } from '../../../src/adapters/ledger/sqlite/chain.ts';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import { LedgerError } from '../../../src/domain/ledger.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { newEvent, newStream, readAll, readStream } from '../../domain/appending.ts';
import { judge } from './damage.ts';
import {
  copyLedger,
  fill,
  findInFile,
  fingerprints,
  flipByte,
  makeDirectory,
  makeLedger,
  sizeOf,
  tamper,
  tamperWithEvents,
} from './ledger-files.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let victim: string;

beforeAll(async () => {
  directory = await makeDirectory();
  victim = join(directory.path, 'victim.sqlite');
});

afterAll(() => directory[Symbol.asyncDispose]());

const mask = fc.integer({ min: 1, max: 255 });
/** A share of a file that is a little different in each run. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a ledger that was closed', () => {
  let original: string;
  let events: StoredEvent[];

  beforeAll(async () => {
    original = join(directory.path, 'closed.sqlite');
    events = await makeLedger(original, 250);
  });

  it('is refused by name where any byte of it was flipped', async () => {
    const size = await sizeOf(original);
    await fc.assert(
      fc.asyncProperty(place, mask, async (at, bits) => {
        await copyLedger(original, victim);
        await flipByte(victim, Math.floor(at * size), bits);

        expect(await judge(victim, events)).toMatchObject({ kind: 'refused', sentence: naming(victim) });
      }),
      { numRuns: 40 },
    );
  });

  it('never delivers anything but what was written after a flipped byte, also where it was copied alone', async () => {
    const size = await sizeOf(original);
    await fc.assert(
      fc.asyncProperty(place, mask, async (at, bits) => {
        await copyLedger(original, victim);
        await rm(`${victim}-head`);
        await flipByte(victim, Math.floor(at * size), bits);

        expect((await judge(victim, events)).kind).not.toBe('silently changed');
      }),
      { numRuns: 30 },
    );
  });

  it('is refused by name where it was cut short', async () => {
    const size = await sizeOf(original);
    await fc.assert(
      fc.asyncProperty(place, fc.boolean(), async (at, alone) => {
        await copyLedger(original, victim);
        if (alone) await rm(`${victim}-head`);
        await truncate(victim, Math.floor(at * size));

        expect(await judge(victim, events)).toMatchObject({ kind: 'refused', sentence: naming(victim) });
      }),
      { numRuns: 30 },
    );
  });

  it('is left as it is where it is refused', async () => {
    await copyLedger(original, victim);
    await flipByte(victim, 5_000, 1);
    const before = await fingerprints(victim);

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(Refusal);

    expect(await fingerprints(victim)).toEqual(before);
  });

  it('has a hash that says what it holds, however it was committed', async () => {
    const stream = newStream();
    const appended = Array.from({ length: 100 }, () => newEvent());
    const atOnce = join(directory.path, 'at-once.sqlite');
    const oneByOne = join(directory.path, 'one-by-one.sqlite');
    const ledger = await openSqliteLedger({ file: atOnce });
    await ledger.append(stream, 'no_stream', appended);
    await ledger.close();
    for (const part of [appended.slice(0, 70), appended.slice(70)]) {
      const other = await openSqliteLedger({ file: oneByOne });
      for (const event of part) await other.append(stream, 'any', [event]);
      await other.close();
    }

    const found = await verifyLedger(atOnce);

    expect(found).toMatchObject({ ok: true, events: 100, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await verifyLedger(oneByOne)).toEqual(found);
  });

  it('can be copied alone', async () => {
    await copyLedger(original, victim);
    await rm(`${victim}-head`);

    expect(await judge(victim, events)).toEqual({ kind: 'intact' });
  });

  it.each(['events_are_never_changed', 'streams_are_never_taken_away'])(
    'is refused without its trigger %s',
    async (trigger) => {
      await copyLedger(original, victim);
      await rm(`${victim}-head`);
      tamper(victim, `DROP TRIGGER ${trigger}`);

      await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
        `${victim} was tampered with (the trigger ${trigger} is missing)`,
      );
    },
  );

  it('is refused with a table that does not belong there', async () => {
    await copyLedger(original, victim);
    await rm(`${victim}-head`);
    tamper(victim, 'CREATE TABLE more (id INTEGER PRIMARY KEY)');

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow('the table more does not belong there');
  });

  it('is refused where it was written by a newer version', async () => {
    await copyLedger(original, victim);
    tamper(victim, 'PRAGMA user_version = 99');

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
      `${victim} was written by a newer version of training-ledger (its schema is 99, known here is 2); update training-ledger.`,
    );
  });

  it('is refused where an event was changed by someone who knew how', async () => {
    await copyLedger(original, victim);
    await rm(`${victim}-head`);
    tamperWithEvents(victim, `UPDATE events SET data = '{"text":"forged"}' WHERE position = 17`);

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
      `${victim} is damaged (event 17 is not what was written); restore it from a backup or an export.`,
    );
    expect(await verifyLedger(victim)).toEqual({
      ok: false,
      problem: `${victim} is damaged (event 17 is not what was written); restore it from a backup or an export.`,
      position: '17',
      stream: events[16]?.stream,
    });
  });

  it('is refused where an event was changed together with its checksum', async () => {
    await copyLedger(original, victim);
    await rm(`${victim}-head`);
    forge(victim, events[16]);

    const problem = `${victim} is damaged (an event from 1 to 64, or their seal, is not what was written); restore it from a backup or an export.`;
    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(problem);
    expect(await verifyLedger(victim)).toMatchObject({ ok: false, problem });
  });

  it('is refused where one of the newest events, which have no seal yet, was changed together with its checksum', async () => {
    await copyLedger(original, victim);
    forge(victim, events[248]);

    const problem = `${victim} is not the ledger that ${victim}-head belongs to`;
    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(problem);
    expect(await verifyLedger(victim)).toMatchObject({ ok: false, problem: naming(problem) });
  });

  it.each([
    ['UPDATE events SET seal = NULL WHERE position = 128', 'the seal of event 128 is not what was written'],
    [
      'UPDATE events SET seal = zeroblob(32) WHERE position = 130',
      'the seal of event 130 is not what was written',
    ],
    [
      'UPDATE events SET seal = zeroblob(32) WHERE position = 128',
      'an event from 65 to 128, or their seal, is not what was written',
    ],
  ])('is refused where a seal was changed: %s', async (sql, finding) => {
    await copyLedger(original, victim);
    await rm(`${victim}-head`);
    tamperWithEvents(victim, sql);

    expect(await verifyLedger(victim)).toMatchObject({ ok: false, problem: naming(finding) });
    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(finding);
  });

  it('is refused where an event was taken out of the middle', async () => {
    await copyLedger(original, victim);
    tamperWithEvents(victim, 'DELETE FROM events WHERE position = 17');

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow('event 17 is missing');
  });

  it('is refused where the newest events were taken away', async () => {
    await copyLedger(original, victim);
    tamperWithEvents(victim, 'DELETE FROM events WHERE position > 240');

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
      'it ends at event 240, and event 250 was acknowledged',
    );
  });

  it('is refused where another one was put in its place', async () => {
    await copyLedger(original, victim);
    const other = join(directory.path, 'other.sqlite');
    await makeLedger(other, 300);
    await copyFile(other, victim);

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
      `${victim} is not the ledger that ${victim}-head belongs to`,
    );
  });
});

describe('a ledger whose process was killed', () => {
  let original: string;
  let events: StoredEvent[];

  beforeAll(async () => {
    const open = join(directory.path, 'open.sqlite');
    original = join(directory.path, 'killed.sqlite');
    const ledger = await openSqliteLedger({ file: open });
    for (let turn = 0; turn < 12; turn++) events = await fill(ledger, 12);
    await copyLedger(open, original);
    await ledger.close();
  });

  it('is opened with all that was acknowledged', async () => {
    await copyLedger(original, victim);

    expect(await verifyLedger(victim)).toMatchObject({ ok: true, events: events.length });
    expect(await judge(victim, events)).toEqual({ kind: 'intact' });
  });

  it.each(['-wal', ''])(
    'never delivers anything but what was written after a flipped byte in the file%s',
    async (part) => {
      const size = await sizeOf(`${original}${part}`);
      await fc.assert(
        fc.asyncProperty(place, mask, async (at, bits) => {
          await copyLedger(original, victim);
          await flipByte(`${victim}${part}`, Math.floor(at * size), bits);

          expect((await judge(victim, events)).kind).not.toBe('silently changed');
        }),
        { numRuns: 40 },
      );
    },
  );

  it('is refused where its write-ahead log is damaged in the middle, also where it was copied without its note', async () => {
    const size = await sizeOf(`${original}-wal`);
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.6, noNaN: true }), mask, async (at, bits) => {
        await copyLedger(original, victim);
        await rm(`${victim}-head`);
        await flipByte(`${victim}-wal`, Math.floor(at * size), bits);

        expect(await judge(victim, events)).toMatchObject({
          kind: 'refused',
          sentence: naming(`${victim}-wal is damaged`),
        });
      }),
      { numRuns: 30 },
    );
  });

  it('is refused where its write-ahead log is cut short or gone', async () => {
    const size = await sizeOf(`${original}-wal`);
    await fc.assert(
      fc.asyncProperty(place, async (at) => {
        await copyLedger(original, victim);
        await truncate(`${victim}-wal`, Math.floor(at * size));

        expect(await judge(victim, events)).toMatchObject({ kind: 'refused', sentence: naming(victim) });
      }),
      { numRuns: 15 },
    );
    await copyLedger(original, victim);
    await rm(`${victim}-wal`);
    expect(await judge(victim, events)).toMatchObject({ kind: 'refused', sentence: naming(victim) });
  });

  it('is opened where only a commit that was under way is torn', async () => {
    const open = join(directory.path, 'torn.sqlite');
    const ledger = await openSqliteLedger({ file: open });
    await ledger.append(newStream(), 'no_stream', [newEvent()]);
    const before = await readAll(ledger);
    const lengthBefore = await sizeOf(`${open}-wal`);
    await copyLedger(open, victim);
    await ledger.append(newStream(), 'no_stream', [newEvent({ text: 'x'.repeat(20_000) })]);
    await copyFile(`${open}-wal`, `${victim}-wal`);
    await ledger.close();
    await flipByte(`${victim}-wal`, lengthBefore + 3_000, 255);

    expect(await judge(victim, before)).toEqual({ kind: 'intact' });
  });
});

describe('a ledger too large to be looked at as a whole on every start', () => {
  let original: string;
  let events: StoredEvent[];

  beforeAll(async () => {
    original = join(directory.path, 'large.sqlite');
    events = await makeLedger(original, 1_600, 12_000);
    expect(await sizeOf(original)).toBeGreaterThan(8 * 1024 * 1024);
  });

  it('delivers what is before a damaged event, and neither that event nor what comes after it', async () => {
    await copyLedger(original, victim);
    const index = events.findIndex((event, at) => at > 200 && textIn(event).length > 1_000);
    const damaged = events[index];
    await flipByte(victim, await findInFile(victim, textIn(damaged).slice(0, 36)), 3);

    const ledger = await openSqliteLedger({ file: victim });
    const seen: StoredEvent[] = [];
    const reading = (async () => {
      for await (const event of ledger.readAll()) seen.push(event);
    })();

    await expect(reading).rejects.toThrow(LedgerError);
    await expect(reading).rejects.toThrow(/victim\.sqlite: .*; restore it from a backup or an export/);
    expect(seen).toEqual(events.slice(0, seen.length));
    expect(seen.length).toBeLessThanOrEqual(index);
    await expect(readStream(ledger, damaged?.stream ?? '')).rejects.toThrow(LedgerError);
    const { stream = '' } = events.at(-1) ?? {};
    expect(await readStream(ledger, stream)).toEqual(events.filter((event) => event.stream === stream));
    await ledger.close();
    expect(await verifyLedger(victim)).toEqual({
      ok: false,
      problem: `${victim} is damaged (event ${damaged?.position} is not what was written); restore it from a backup or an export.`,
      position: damaged?.position,
      stream: damaged?.stream,
    });
  });

  it('is refused where one of the newest events is damaged', async () => {
    await copyLedger(original, victim);
    const damaged = events.findLast((event) => textIn(event).length > 1_000);
    await flipByte(victim, await findInFile(victim, textIn(damaged).slice(0, 36)), 3);

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
      `is damaged (event ${damaged?.position} is not what was written)`,
    );
  });
});

describe('a file that is no ledger', () => {
  it('is refused where it is empty', async () => {
    await copyLedger(join(directory.path, 'none'), victim);
    await writeFile(victim, '');

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(`${victim} is empty`);
  });

  it('is refused where it is a text', async () => {
    await writeFile(victim, 'Dear diary, today nothing was appended.\n'.repeat(40));

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(`${victim} is not a ledger`);
    expect(await verifyLedger(victim)).toMatchObject({ ok: false, problem: naming(victim) });
  });

  it('is refused where it is another SQLite database', async () => {
    await rm(victim, { force: true });
    tamper(victim, 'CREATE TABLE notes (text TEXT)');

    await expect(openSqliteLedger({ file: victim })).rejects.toThrow(
      'is an SQLite database but not a ledger',
    );
  });

  it('is refused where it is a directory', async () => {
    await expect(openSqliteLedger({ file: directory.path })).rejects.toThrow(
      `${directory.path} cannot be read (EISDIR); make it a file that you may read and write.`,
    );
  });

  it('is not made where the directory is missing', async () => {
    const file = join(directory.path, 'missing', 'ledger.sqlite');

    await expect(openSqliteLedger({ file })).rejects.toThrow(
      `${join(directory.path, 'missing')} is missing; make that directory first.`,
    );
  });

  it('is not made anew where there was a ledger', async () => {
    const file = join(directory.path, 'gone.sqlite');
    await makeLedger(file, 5);
    await rm(file);

    await expect(openSqliteLedger({ file })).rejects.toThrow(`${file} is missing, and it held 5 events`);
    await expect(verifyLedger(file)).resolves.toMatchObject({ ok: false });
  });
});

/** Puts another text into an event, and the checksum that goes with it. */
function forge(file: string, event: StoredEvent | undefined): void {
  const { position, stream, revision, id, type, metadata } = event ?? expect.fail('there is no such event');
  const data = '{"text":"forged"}';
  const text = eventText(Number(position), stream, revision, id, type, data, JSON.stringify(metadata));
  tamperWithEvents(
    file,
    `UPDATE events SET data = '${data}', checksum = ${checksumOf(text)} WHERE position = ${position}`,
  );
}

function naming(text: string): unknown {
  return expect.stringContaining(text);
}

function textIn(event: StoredEvent | undefined): string {
  const { data } = event ?? {};
  return typeof data === 'object' && data !== null && 'text' in data ? String(data.text) : '';
}
