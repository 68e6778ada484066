import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { workload } from '../../bench/workload.ts';
import { UnreadableEvent } from '../../src/domain/events.ts';
import type { Delivery, Ledger, ReadAllOptions } from '../../src/domain/ledger.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { allProjections } from '../../src/projections/all.ts';
import { findAnswer } from '../../src/projections/answers.ts';
import { eventsPage } from '../../src/projections/history.ts';
import type { Projection } from '../../src/projections/projection.ts';
import { openReadModels } from '../../src/projections/projector.ts';
import { MemoryLedger } from '../stand-ins/memory-ledger.ts';
import { dump, generationsIn } from './dump.ts';
import { newEvent, opened, prediction, temporaryDirectory } from './scenario.ts';

async function newFile(): Promise<string> {
  return join(await temporaryDirectory(), 'read-models.sqlite');
}

async function appendWorkload(ledger: Ledger, events: number): Promise<void> {
  for (const { stream, expected, events: added } of workload(events)) {
    await ledger.append(stream, expected, added);
  }
}

async function appendAnswer(ledger: Ledger, id: string): Promise<string> {
  const { position } = await ledger.append(`training.local.answer-${id}`, 'any', [newEvent(prediction(id))]);
  return position;
}

/** What the rows are when they are made from nothing. */
async function fromNothing(ledger: Ledger) {
  const file = await newFile();
  const readModels = await openReadModels({ file, ledger });
  await readModels.close();
  return dump(file);
}

const newerVersions: readonly Projection[] = allProjections.map((projection) => ({
  ...projection,
  version: projection.version + 1,
}));

test('what was in the ledger before is there when the read models are open', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 2_500);

  const readModels = await opened({ file: await newFile(), ledger });

  const [newest] = await eventsPage(readModels.db, { scope: 'local', before: null, limit: 1 });
  expect(readModels.head().ordinal).toBe(2_500);
  expect(readModels.head().position).toBe(await ledger.head());
  expect(newest?.ordinal).toBeGreaterThan(2_400);
});

test('what happens then is there as soon as its position is reached', async () => {
  const ledger = new MemoryLedger();
  const readModels = await opened({ file: await newFile(), ledger });

  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      await readModels.caughtUpWith(await appendAnswer(ledger, `a${index}`));
      expect(await findAnswer(readModels.db, 'local', `a${index}`)).toBeDefined();
    }),
  );

  expect(readModels.head().ordinal).toBe(200);
});

test('a command that appended nothing does not wait', async () => {
  const readModels = await opened({ file: await newFile(), ledger: new MemoryLedger() });

  await expect(readModels.caughtUpWith(null)).resolves.toBeUndefined();
  expect(readModels.head()).toEqual({ ordinal: 0, event: null, position: null });
});

test('a restart goes on where it was and gives the same rows', async () => {
  const ledger = new MemoryLedger();
  const file = await newFile();
  const appends = [...workload(3_000)];
  for (const portion of [appends.slice(0, 700), [], appends.slice(700, 1_500), appends.slice(1_500)]) {
    for (const { stream, expected, events } of portion) await ledger.append(stream, expected, events);
    const readModels = await openReadModels({ file, ledger });
    await readModels.close();
  }

  expect(dump(file)).toEqual(await fromNothing(ledger));
  expect(generationsIn(file)).toHaveLength(1);
});

test('streams of others in a shared store are passed over, and waited for all the same', async () => {
  const ledger = new MemoryLedger();
  const foreign = { id: crypto.randomUUID(), type: 'Whatever', data: {}, metadata: {} };
  await ledger.append('somebody-else', 'any', [foreign]);
  await appendAnswer(ledger, 'a1');
  const file = await newFile();
  const readModels = await opened({ file, ledger });
  const later = { ...foreign, id: crypto.randomUUID() };

  const { position } = await ledger.append('somebody-else', 'any', [later]);
  await readModels.caughtUpWith(position);

  expect(readModels.head()).toMatchObject({ ordinal: 1, position });
});

test('an event that this program cannot read stops the start with its name', async () => {
  const ledger = new MemoryLedger();
  await appendAnswer(ledger, 'a1');
  const unknown = { ...newEvent(prediction('a2')), type: 'FromTheFuture' };
  await ledger.append('training.local.answer-a2', 'any', [unknown]);
  const file = await newFile();

  const opening = openReadModels({ file, ledger });

  await expect(opening).rejects.toThrow(UnreadableEvent);
  await expect(opening).rejects.toThrow(
    new RegExp(
      `${unknown.id} \\(FromTheFuture, revision 0 of training.local.answer-a2\\).*; upgrade this one$`,
    ),
  );
});

test('an event that cannot be read stops the following too, after what came before it', async () => {
  const ledger = new MemoryLedger();
  const readModels = await opened({ file: await newFile(), ledger });
  const before = appendAnswer(ledger, 'a1');
  const bad = newEvent(prediction('a2'), { schemaVersion: 99 });
  const { position } = await ledger.append('training.local.answer-a2', 'any', [bad]);
  const after = await appendAnswer(ledger, 'a3');

  await readModels.caughtUpWith(await before);
  await expect(readModels.caughtUpWith(position)).rejects.toThrow(bad.id);
  await expect(readModels.caughtUpWith(after)).rejects.toThrow(UnreadableEvent);
  expect(await findAnswer(readModels.db, 'local', 'a1')).toBeDefined();
  expect(await findAnswer(readModels.db, 'local', 'a3')).toBeUndefined();
});

test('a file that was deleted is made anew, also where the rest of it was left behind', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 1_000);
  const file = await newFile();
  const readModels = await openReadModels({ file, ledger });
  const leftBehind = await readFile(`${file}-wal`);
  await readModels.close();
  const before = dump(file);
  await rm(file);
  await writeFile(`${file}-wal`, leftBehind);

  await opened({ file, ledger });

  expect(dump(file)).toEqual(before);
});

test.each([
  ['is empty', async (file: string) => truncate(file, 0)],
  ['holds only zeros', async (file: string) => writeFile(file, Buffer.alloc(65_536))],
  ['was cut to half', async (file: string) => truncate(file, (await stat(file)).size / 2)],
  ['was cut within a page', async (file: string) => truncate(file, (await stat(file)).size - 1_000)],
  ['lost its header’s rest', async (file: string) => overwrite(file, 100, 400)],
  ['was overwritten in the middle', async (file: string) => overwrite(file, 3 * 4_096, 200_000)],
])('a file that %s is made anew', async (_, damage) => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 1_000);
  const file = await newFile();
  const readModels = await openReadModels({ file, ledger });
  await readModels.close();
  const before = dump(file);
  await damage(file);

  await opened({ file, ledger });

  expect(dump(file)).toEqual(before);
});

async function overwrite(file: string, start: number, bytes: number): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(bytes, 0xa5), 0, bytes, start);
  await handle.close();
}

test('damage in a file too large to be looked through at the start is noticed all the same', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 20_000);
  const file = await newFile();
  await (await openReadModels({ file, ledger })).close();
  const { size } = await stat(file);
  expect(size).toBeGreaterThan(16 * 1024 * 1024);
  await overwrite(file, size / 4, size / 2);
  await appendAnswer(ledger, 'a1');

  const readModels = await opened({ file, ledger });

  await vi.waitFor(() => findAnswer(readModels.db, 'local', 'a1'), { timeout: 10_000 });
  expect(dump(file)).toEqual(await fromNothing(ledger));
});

test.each(['generations', 'g1_answers'])('a file without its table %s is made anew', async (table) => {
  const ledger = new MemoryLedger();
  await appendAnswer(ledger, 'a1');
  const file = await newFile();
  await (await openReadModels({ file, ledger })).close();
  const other = new Database(file);
  other.exec(`DROP TABLE ${table}`);
  other.close();

  await opened({ file, ledger });

  expect(dump(file)).toEqual(await fromNothing(ledger));
});

test('a page that is damaged while the program runs is noticed by the first query, and all is made anew', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 500);
  const file = await newFile();
  const readModels = await opened({ file, ledger });
  const events = () => eventsPage(readModels.db, { scope: 'local', before: null, limit: 1_000 });
  const other = new Database(file);
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.close();
  expect(await events()).not.toEqual([]);
  await overwrite(file, 4_096, (await stat(file)).size - 4_096);

  await expect(findAnswer(readModels.db, 'local', 'a1')).rejects.toThrow(Refusal);
  await expect(events()).rejects.toThrow(/made anew/);
  await readModels.caughtUpWith(await appendAnswer(ledger, 'a1'));

  await vi.waitFor(events);
  expect(readModels.head().ordinal).toBe(501);
  expect(dump(file)).toEqual(await fromNothing(ledger));
});

test.each([
  ['a text', async (file: string) => writeFile(file, 'Dear diary, today I was mistaken for a database.')],
  [
    'another program’s database',
    async (file: string) => new Database(file).exec('CREATE TABLE recipes (name)').close(),
  ],
  ['a directory', async (file: string) => mkdir(file)],
])('%s in its place is refused in one sentence and left as it is', async (_, place) => {
  const file = await newFile();
  await place(file);
  const before = existsSync(file) && (await stat(file)).isFile() ? await readFile(file) : null;

  const opening = openReadModels({ file, ledger: new MemoryLedger() });

  await expect(opening).rejects.toThrow(Refusal);
  await expect(opening).rejects.toThrow(file);
  if (before !== null) expect(await readFile(file)).toEqual(before);
});

test('rows of another ledger, or of a ledger put back to an earlier time, are made anew', async () => {
  const file = await newFile();
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 600);
  await (await openReadModels({ file, ledger })).close();

  const other = new MemoryLedger();
  for (let index = 0; index < 700; index++) await appendAnswer(other, `a${index}`);
  await (await openReadModels({ file, ledger: other })).close();
  expect(dump(file)).toEqual(await fromNothing(other));

  const alike = new MemoryLedger();
  for (let index = 0; index < 700; index++) await appendAnswer(alike, `a${index}`);
  await (await openReadModels({ file, ledger: alike })).close();
  expect(dump(file)).toEqual(await fromNothing(alike));

  const earlier = new MemoryLedger();
  await appendAnswer(earlier, 'a0');
  await (await openReadModels({ file, ledger: earlier })).close();
  expect(dump(file)).toEqual(await fromNothing(earlier));

  await (await openReadModels({ file, ledger: new MemoryLedger() })).close();
  expect(dump(file)).toEqual(await fromNothing(new MemoryLedger()));
});

test('a changed version of a projection makes the rows anew beside the old ones, which answer until the end', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 3_000);
  const file = await newFile();
  await (await openReadModels({ file, ledger })).close();
  const rows = dump(file);
  const [old] = generationsIn(file);

  const opening = openReadModels({ file, ledger, projections: newerVersions });
  await vi.waitUntil(() => generationsIn(file).length === 2, { interval: 1 });
  expect(dump(file)).toEqual(rows);
  await (await opening).close();

  expect(dump(file)).toEqual(rows);
  expect(generationsIn(file)).toHaveLength(1);
  expect(generationsIn(file)).not.toContain(old);
});

test('an unchanged version makes nothing anew', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 100);
  const file = await newFile();
  await (await openReadModels({ file, ledger })).close();
  const before = generationsIn(file);

  await (await openReadModels({ file, ledger })).close();

  expect(generationsIn(file)).toEqual(before);
});

test('during a rebuild every question is answered, what happens is taken in, and nothing is lost at the change', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 4_000);
  const file = await newFile();
  const readModels = await opened({ file, ledger });
  let rebuilt = false;
  const rebuilding = readModels.rebuild().finally(() => {
    rebuilt = true;
  });

  let asked = 0;
  for (; !rebuilt; asked++) {
    await readModels.caughtUpWith(await appendAnswer(ledger, `live-${asked}`));
    expect(await findAnswer(readModels.db, 'local', `live-${asked}`)).toBeDefined();
    await nextTurn();
  }
  const { events } = await rebuilding;
  await readModels.caughtUpWith(await appendAnswer(ledger, 'after'));

  expect(asked).toBeGreaterThan(3);
  expect(events).toBeGreaterThan(4_000);
  expect(readModels.head().ordinal).toBe(4_000 + asked + 1);
  expect(dump(file)).toEqual(await fromNothing(ledger));
  expect(generationsIn(file)).toHaveLength(1);
});

test('two rebuilds at once are one, and another one can follow', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 200);
  const file = await newFile();
  const readModels = await opened({ file, ledger });

  const [first, second] = [readModels.rebuild(), readModels.rebuild()];

  expect(second).toBe(first);
  expect(await first).toEqual({ events: 200 });
  expect(await readModels.rebuild()).toEqual({ events: 200 });
  expect(dump(file)).toEqual(await fromNothing(ledger));
});

test('a rebuild that is cut off by the end of the program leaves the old rows, and its leftovers go at the next start', async () => {
  const ledger = new MemoryLedger();
  await appendWorkload(ledger, 3_000);
  const file = await newFile();
  const readModels = await openReadModels({ file, ledger });
  const rows = dump(file);
  const rebuilding = readModels.rebuild();
  const outcome = expect(rebuilding).rejects.toThrow(Refusal);
  await vi.waitUntil(() => generationsIn(file).length === 2, { interval: 1 });
  await readModels.close();
  await outcome;
  expect(generationsIn(file)).toHaveLength(2);
  expect(dump(file)).toEqual(rows);

  await opened({ file, ledger });

  expect(generationsIn(file)).toHaveLength(1);
  expect(dump(file)).toEqual(rows);
});

test('while the rows cannot be written, waiting is refused; afterwards nothing is missing', async () => {
  const ledger = new MemoryLedger();
  const file = await newFile();
  const readModels = await opened({ file, ledger });
  await readModels.caughtUpWith(await appendAnswer(ledger, 'a1'));
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  const position = await appendAnswer(ledger, 'a2');

  await expect(readModels.caughtUpWith(position)).rejects.toThrow(Refusal);
  await expect(readModels.caughtUpWith(position)).rejects.toThrow(/cannot be written/);
  expect(await findAnswer(readModels.db, 'local', 'a1')).toBeDefined();
  other.close();

  await vi.waitFor(() => readModels.caughtUpWith(position), { timeout: 10_000 });
  expect(await findAnswer(readModels.db, 'local', 'a2')).toBeDefined();
  expect(dump(file)).toEqual(await fromNothing(ledger));
});

test('what was gathered for a transaction that failed is not written with the next one', async () => {
  const ledger = new MemoryLedger();
  const file = await newFile();
  let faults = 1;
  const faulty: Projection = {
    name: 'faulty',
    version: 1,
    prepare: () => ({
      take: () => {
        if (faults-- > 0) throw new Error('a fault, once');
      },
    }),
  };
  const readModels = await opened({ file, ledger, projections: [...allProjections, faulty] });
  const position = await appendAnswer(ledger, 'a1');

  await expect(readModels.caughtUpWith(position)).rejects.toThrow('a fault, once');
  await vi.waitFor(() => readModels.caughtUpWith(position), { timeout: 10_000 });

  expect(dump(file)).toEqual(await fromNothing(ledger));
});

test('closing lets nobody wait for ever', async () => {
  const ledger = new MemoryLedger();
  const readModels = await openReadModels({ file: await newFile(), ledger });
  const later = (await appendAnswer(ledger, 'a1')).padEnd(9, '0');
  const waiting = expect(readModels.caughtUpWith(later)).rejects.toThrow(/closed/);

  await readModels.close();
  await readModels.close();

  await waiting;
  await expect(readModels.caughtUpWith(later)).rejects.toThrow(/closed/);
});

test('nobody waits for ever for what the ledger took and does not hand out', async () => {
  const ledger = new SilentLedger();
  const readModels = await opened({ file: await newFile(), ledger, patience: 50 });
  const position = await appendAnswer(ledger, 'a1');

  await expect(readModels.caughtUpWith(position)).rejects.toThrow(
    'What was recorded is safe, but the ledger does not hand it out at the moment',
  );
});

/** As one on a server that has gone away. */
class SilentLedger extends MemoryLedger {
  override async *subscribe({ signal }: Pick<ReadAllOptions, 'signal'>): AsyncGenerator<Delivery> {
    await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
  }
}
