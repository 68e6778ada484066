import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveHead } from '../../../src/adapters/ledger/sqlite/live-head.ts';
import { openChecked } from '../../../src/adapters/ledger/sqlite/open-checked.ts';
import { WriterThread } from '../../../src/adapters/ledger/sqlite/writer-thread.ts';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import type { Delivery } from '../../../src/domain/ledger.ts';
import { newEvent, newStream, outcomeOf, readAll } from '../../domain/appending.ts';
import { makeDirectory } from './ledger-files.ts';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let file: string;
let writer: WriterThread;
let ledger: SqliteLedger;

beforeEach(async () => {
  directory = await makeDirectory();
  file = join(directory.path, 'ledger.sqlite');
  const database = await openChecked(file);
  const head = new LiveHead();
  writer = new WriterThread(head);
  await writer.open(file);
  ledger = new SqliteLedger(file, { database, head, writer, eventsMeanwhile: 1_000 });
});

afterEach(async () => {
  await ledger.close();
  await directory[Symbol.asyncDispose]();
});

it('leaves it open whether an append was written that was under way when the writer died', async () => {
  await ledger.append(newStream(), 'no_stream', [newEvent()]);
  const appends = Array.from({ length: 200 }, () => ({
    stream: newStream(),
    events: [newEvent(), newEvent()],
  }));

  const underWay = appends.map(({ stream, events }) => outcomeOf(ledger.append(stream, 'no_stream', events)));
  await Promise.race(underWay.slice(0, 1));
  await writer.terminate();
  const outcomes = await Promise.all(underWay);

  for (const outcome of outcomes) {
    if ('kind' in outcome) expect(outcome).toMatchObject({ kind: 'unavailable', written: 'unknown' });
  }
  for (const [index, { stream, events }] of appends.entries()) {
    const outcome = outcomes[index];
    const again = await ledger.append(stream, 'no_stream', events);
    if (outcome !== undefined && 'position' in outcome) expect(again).toEqual(outcome);
  }
  expect(await readAll(ledger)).toHaveLength(1 + 2 * appends.length);
  await ledger.close();
  expect(await verifyLedger(file)).toMatchObject({ ok: true, events: 401 });
});

it('goes on delivering with the writer that takes its place', async () => {
  const subscription = ledger.subscribe({})[Symbol.asyncIterator]();
  const seen: Delivery[] = [];
  const next = async () => seen.push((await subscription.next()).value);
  await next();
  await writer.terminate();

  const event = newEvent();
  await ledger.append(newStream(), 'no_stream', [event]);
  await next();

  expect(seen).toMatchObject([{ kind: 'caughtUp' }, { kind: 'event', event: { id: event.id } }]);
});

it('finishes what was taken before it is closed', async () => {
  const underWay = Array.from({ length: 100 }, () =>
    outcomeOf(ledger.append(newStream(), 'no_stream', [newEvent()])),
  );

  await ledger.close();

  for (const outcome of await Promise.all(underWay)) expect(outcome).toHaveProperty('position');
  expect(await verifyLedger(file)).toMatchObject({ ok: true, events: 100 });
});
