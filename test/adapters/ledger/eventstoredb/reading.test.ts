import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import { UnreadableEvent } from '../../../../src/domain/events.ts';
import type { Delivery, Ledger } from '../../../../src/domain/ledger.ts';
import {
  appendMany,
  newEvent,
  newStream,
  outcomeOf,
  readAll,
  readStream,
} from '../../../domain/appending.ts';
import { EventLog } from '../../../stand-ins/eventstoredb/event-log.ts';
import { checkpoint } from '../../../stand-ins/eventstoredb/messages.ts';
import { StandInEventStoreDB } from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

const DEADLINE = 3_000;

let standIn: StandInEventStoreDB;
let ledger: Ledger;

beforeEach(() => start());
afterEach(stop);

async function start(log = new EventLog()): Promise<void> {
  standIn = await StandInEventStoreDB.start({ log });
  ledger = await openEventStoreDBLedger(`${standIn.url}&defaultDeadline=${DEADLINE}`);
}

async function stop(): Promise<void> {
  await ledger.close();
  await standIn.kill();
}

/** Somebody else's, in the same store. */
function appendForeign(count: number): void {
  const data = Buffer.from('not JSON');
  const event = { type: 'theirs', contentType: 'application/octet-stream', data, metadata: data };
  for (let index = 0; index < count; index++) {
    standIn.log.append('orders-1', [{ ...event, id: crypto.randomUUID() }]);
  }
}

describe('positions', () => {
  it('tell events apart that share a commit position', async () => {
    await stop();
    await start(new EventLog({ transactions: true }));
    const ids = await appendMany(ledger, newStream(), 5);
    const all = await readAll(ledger);
    expect(new Set(all.map(({ position }) => position.split('/')[0])).size).toBe(1);

    for (const [index, { position }] of all.entries()) {
      expect((await readAll(ledger, { after: position })).map(({ id }) => id)).toEqual(ids.slice(index + 1));
    }
  });
});

describe('what others keep in the same store', () => {
  it('is never seen, and a place to go on from stands behind it', async () => {
    appendForeign(10);
    const [id] = await appendMany(ledger, newStream(), 1);
    appendForeign(3_000);
    const subscription = ledger.subscribe({});

    const deliveries = await takeUntil(subscription, ({ kind }) => kind === 'caughtUp');

    expect(deliveries.map((each) => (each.kind === 'event' ? each.event.id : each.kind))).toEqual([
      id,
      'checkpoint',
      'caughtUp',
    ]);
    const reached = deliveries.find((each) => each.kind === 'checkpoint')?.position ?? null;
    expect(await readAll(ledger, { after: reached })).toEqual([]);
    const later = await appendMany(ledger, newStream(), 2);
    expect((await readAll(ledger, { after: reached })).map((event) => event.id)).toEqual(later);
    expect(await readAll(ledger)).toHaveLength(3);
  });
});

describe('content under our prefix that is not ours', () => {
  it('stops a live subscription and a read with the same sentence, and is never stepped over', async () => {
    const stream = newStream();
    const theirs = newStream();
    const [before] = await appendMany(ledger, stream, 1);
    const id = crypto.randomUUID();
    const data = Buffer.from('not JSON');
    const foreign = { id, type: 'Theirs', contentType: 'application/octet-stream', data, metadata: data };
    const seen: Delivery[] = [];
    const following = (async () => {
      for await (const delivery of ledger.subscribe({})) {
        seen.push(delivery);
        if (delivery.kind === 'caughtUp') standIn.log.append(theirs, [foreign]);
      }
    })();
    const sentence = `event ${id} (Theirs, revision 0 of ${theirs}) is not JSON, so this program has not written it; take it out of the ledger or restore a backup, and start again`;

    await expect(following).rejects.toThrow(sentence);
    await expect(following).rejects.toBeInstanceOf(UnreadableEvent);
    expect(seen.filter(isEvent).map(({ event }) => event.id)).toEqual([before]);
    const after = seen.findLast(isEvent)?.event.position ?? null;
    await appendMany(ledger, stream, 1, 0);
    await expect(takeUntil(ledger.subscribe({ after }), () => false)).rejects.toThrow(sentence);
    await expect(readAll(ledger, { after })).rejects.toThrow(sentence);
    await expect(readStream(ledger, theirs)).rejects.toThrow(sentence);
  });
});

describe('a subscription', () => {
  it('never takes a place for its checkpoint that no log has', async () => {
    const stream = newStream();
    const following = takeUntil(ledger.subscribe({}), (_, seen) => seen.filter(isEvent).length === 2);
    await vi.waitUntil(() => standIn.reader.openSubscriptions === 1);
    standIn.reader.tellSubscriptions(checkpoint({ commit: 2n ** 64n - 1n, prepare: 2n ** 64n - 1n }));
    await ledger.append(stream, 'no_stream', [newEvent()]);
    standIn.reader.dropSubscriptions();
    await ledger.append(stream, 0, [newEvent()]);

    expect((await following).map(({ kind }) => kind)).toEqual(['caughtUp', 'event', 'event']);
  });

  it('goes on with neither a gap nor a repetition where it is dropped again and again', async () => {
    const stream = newStream();
    const following = takeUntil(ledger.subscribe({}), (_, seen) => seen.filter(isEvent).length === 300);
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      ids.push(...(await appendMany(ledger, stream, 100, ids.length - 1)));
      standIn.reader.dropSubscriptions();
    }

    expect((await following).filter(isEvent).map(({ event }) => event.id)).toEqual(ids);
  });

  it('goes on in order where the server is slow', async () => {
    const ids = await appendMany(ledger, newStream(), 30);
    standIn.reader.delay = 2;

    const deliveries = await takeUntil(ledger.subscribe({}), ({ kind }) => kind === 'caughtUp');

    expect(deliveries.filter(isEvent).map(({ event }) => event.id)).toEqual(ids);
  });

  it('is made anew where the server takes it and never says anything', async () => {
    const reached = standIn.faults.hang('read');
    const following = takeUntil(ledger.subscribe({}), isEvent);
    await reached;
    const event = newEvent();
    await ledger.append(newStream(), 'no_stream', [event]);

    expect((await following).filter(isEvent).map(({ event: { id } }) => id)).toEqual([event.id]);
  });

  it('is closed on the server when the loop is left, and so is every read', async () => {
    await appendMany(ledger, newStream(), 200);
    const [{ stream = '' } = {}] = await readAll(ledger);
    for await (const _ of ledger.subscribe({})) break;
    for await (const _ of ledger.readAll()) break;
    for await (const _ of ledger.readStream(stream)) break;
    const waiting = ledger.subscribe({ signal: AbortSignal.timeout(200) });
    await takeUntil(waiting, () => false);

    await vi.waitFor(() => {
      expect(standIn.reader.openSubscriptions).toBe(0);
      expect(standIn.reader.openReads).toBe(0);
    });
  });
});

describe('a read', () => {
  it('goes on where it stopped when the server dies under it and comes back', async () => {
    const ids = await appendMany(ledger, newStream(), 300);
    const read: string[] = [];

    for await (const { id } of ledger.readAll()) {
      read.push(id);
      if (read.length === 100) {
        await standIn.kill();
        await standIn.start();
      }
    }

    expect(read).toEqual(ids);
  });

  it('ends where the server never answers, and says so', async () => {
    standIn.gate.freeze();

    await expect(ledger.head()).rejects.toThrow('the ledger is unavailable: its server does not answer');
    await expect(readStream(ledger, newStream())).rejects.toThrow('its server does not answer');
    standIn.gate.thaw();
    expect(await outcomeOf(ledger.append(newStream(), 'no_stream', [newEvent()]))).toHaveProperty('position');
  });
});

function isEvent(delivery: Delivery): delivery is Delivery & { kind: 'event' } {
  return delivery.kind === 'event';
}

async function takeUntil(
  deliveries: AsyncIterable<Delivery>,
  isLast: (delivery: Delivery, seen: readonly Delivery[]) => boolean,
): Promise<Delivery[]> {
  const seen: Delivery[] = [];
  for await (const delivery of deliveries) {
    seen.push(delivery);
    if (isLast(delivery, seen)) break;
  }
  return seen;
}
