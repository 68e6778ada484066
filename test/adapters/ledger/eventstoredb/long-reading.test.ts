import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import type { StoredEvent } from '../../../../src/domain/events.ts';
import type { Ledger, ReadAllOptions } from '../../../../src/domain/ledger.ts';
import { appendMany, newStream, readAll } from '../../../domain/appending.ts';
import {
  StandInEventStoreDB,
  type StandInOptions,
} from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';
import { selfSignedCertificate } from '../../../stand-ins/openai/self-signed.ts';
import { temporaryDirectory } from '../../files/temporary-directory.ts';

const EVENTS_BEFORE_THREAD = 50;
/** So many that the thread is there before the last of them, as slowly as they are taken here. */
const EVENTS = 1_500;
const PACE_MS = 5;

let standIn: StandInEventStoreDB;
let ledger: Ledger;
let calledOff = new AbortController();

afterEach(async () => {
  await ledger.close();
  await standIn.kill();
});

async function start(options: StandInOptions = {}, access = (url: string) => url): Promise<string[]> {
  standIn = await StandInEventStoreDB.start(options);
  ledger = await openEventStoreDBLedger(access(`${standIn.url}&defaultDeadline=3000`), {
    eventsBeforeThread: EVENTS_BEFORE_THREAD,
  });
  return appendMany(ledger, newStream(), EVENTS);
}

interface Reading {
  readonly events: StoredEvent[];
  /** How many were read before the thread took over; null where it never did. */
  handedOver: number | null;
}

/** @param onHandOver is awaited when the thread has begun to read */
async function readUntilTheEnd(
  reading: Reading,
  options: ReadAllOptions = {},
  onHandOver: () => Promise<void> | void = () => undefined,
): Promise<void> {
  const connections = standIn.connections;
  for await (const event of ledger.readAll(options)) {
    reading.events.push(event);
    if (reading.handedOver !== null) continue;
    if (standIn.connections > connections) {
      reading.handedOver = reading.events.length;
      await onHandOver();
    } else await pause(PACE_MS);
  }
}

function newReading(): Reading {
  return { events: [], handedOver: null };
}

function idsOf({ events }: Reading): string[] {
  return events.map(({ id }) => id);
}

describe('a long reading, most of which a thread of its own does', () => {
  it('gives every event once and in order, as a short one does', async () => {
    const ids = await start();
    const reading = newReading();
    await readUntilTheEnd(reading);
    expect(reading.handedOver).not.toBeNull();
    expect(idsOf(reading)).toEqual(ids);
    const last = reading.events.at(-1);
    const [again] = await readAll(ledger, { after: reading.events.at(-2)?.position ?? null });
    expect(last).toEqual(again);
  });

  it('ends where it is to end, and begins where it is to begin', async () => {
    const ids = await start();
    const all = await readAll(ledger);
    const [after, through] = [all[9]?.position ?? null, all[EVENTS - 10]?.position ?? null];
    const reading = newReading();
    await readUntilTheEnd(reading, { after, through });
    expect(reading.handedOver).not.toBeNull();
    expect(idsOf(reading)).toEqual(ids.slice(10, EVENTS - 9));
  });

  it('takes the certificate and the password along', async () => {
    const tls = selfSignedCertificate();
    const ca = join(temporaryDirectory(), 'ca.pem');
    await writeFile(ca, tls.cert);
    const ids = await start(
      { tls, users: { admin: 'p@ss' } },
      (url) => `${url.replace('://', '://admin:p%40ss@')}&tlsCAFile=${encodeURIComponent(ca)}`,
    );
    const reading = newReading();
    await readUntilTheEnd(reading);
    expect(reading.handedOver).not.toBeNull();
    expect(idsOf(reading)).toEqual(ids);
  });

  it('says which event is not ours, after all those before it', async () => {
    const ids = await start();
    const data = Buffer.from('{}, "data": not JSON');
    const id = crypto.randomUUID();
    const theirs = newStream();
    standIn.log.append(theirs, [
      { id, type: 'Theirs', contentType: 'application/json', data, metadata: data },
    ]);
    const reading = newReading();
    await expect(readUntilTheEnd(reading)).rejects.toThrow(
      `event ${id} (Theirs, revision 0 of ${theirs}) is not JSON`,
    );
    expect(reading.handedOver).not.toBeNull();
    expect(idsOf(reading)).toEqual(ids);
  });

  it('goes on in order where the server dies under it and comes back', async () => {
    const ids = await start();
    const reading = newReading();
    await readUntilTheEnd(reading, {}, async () => {
      await standIn.kill();
      await standIn.start();
    });
    expect(reading.handedOver).not.toBeNull();
    expect(idsOf(reading)).toEqual(ids);
  });

  it.each([
    ['is left', () => Promise.reject(new Error('left')), 'left'],
    ['is called off', () => Promise.resolve(calledOff.abort(new Error('called off'))), 'called off'],
    ['finds its ledger closed', () => ledger.close(), 'closed'],
  ])('lets go of the server at once where it %s', async (_how, leave, reason) => {
    await start();
    calledOff = new AbortController();
    const reading = newReading();
    await expect(readUntilTheEnd(reading, { signal: calledOff.signal }, leave)).rejects.toThrow(reason);
    expect(reading.handedOver).not.toBeNull();
    await vi.waitFor(() => expect(standIn.reader.openReads).toBe(0));
  });
});
