import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import type { ExpectedRevision, Ledger } from '../../../../src/domain/ledger.ts';
import { newEvent, newStream, outcomeOf, readAll, readStream } from '../../../domain/appending.ts';
import { Cluster } from '../../../stand-ins/eventstoredb/cluster.ts';
import { rpcErrors } from '../../../stand-ins/eventstoredb/errors.ts';
import { StandInEventStoreDB } from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

/** Of one append with all of its attempts, in ms: what is never answered costs the test as much. */
const DEADLINE = 3_000;

let standIn: StandInEventStoreDB;
let ledger: Ledger;
const urlOf = ({ url }: StandInEventStoreDB, name = 'ours') =>
  `${url}&defaultDeadline=${DEADLINE}&connectionName=${name}`;

beforeEach(async () => {
  standIn = await StandInEventStoreDB.start();
  ledger = await openEventStoreDBLedger(urlOf(standIn));
});
afterEach(async () => {
  await ledger.close();
  await standIn.kill();
});

describe('an append whose server dies under it', () => {
  it.each<['before' | 'after', ExpectedRevision]>([
    ['before', 'no_stream'],
    ['after', 'no_stream'],
    ['before', 'any'],
    ['after', 'any'],
  ])('is done once, %s the write, expecting %s', async (when, expected) => {
    const stream = newStream();
    const events = [newEvent(), newEvent()];
    standIn.faults.next('append', { fault: { kind: 'die' }, when });

    const appending = ledger.append(stream, expected, events);
    await vi.waitUntil(() => !standIn.isRunning);
    await standIn.start();

    expect(await appending).toEqual({ revision: 1, position: await ledger.head() });
    expect((await readStream(ledger, stream)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });

  it('is found where only looking back tells, as in a stream that was deleted before', async () => {
    const stream = newStream();
    await ledger.append(stream, 'no_stream', [newEvent(), newEvent()]);
    standIn.log.delete(stream);
    const event = newEvent();
    standIn.faults.next('append', { fault: { kind: 'die' }, when: 'after' });

    const appending = ledger.append(stream, 'no_stream', [event]);
    await vi.waitUntil(() => !standIn.isRunning);
    await standIn.start();

    expect((await appending).revision).toBe(2);
    expect((await readStream(ledger, stream)).map(({ id }) => id)).toEqual([event.id]);
  });

  it('says that nothing was written where the server was away all the time', async () => {
    await standIn.kill();
    await expect(ledger.head()).rejects.toThrow('the ledger is unavailable');

    const outcome = await outcomeOf(ledger.append(newStream(), 'no_stream', [newEvent()]));

    expect(outcome).toEqual({
      kind: 'unavailable',
      reason: 'its server cannot be reached',
      written: 'no',
    });
  });

  it('does not know whether it was written where the server never comes back', async () => {
    standIn.faults.next('append', { fault: { kind: 'die' }, when: 'after' });

    const outcome = await outcomeOf(ledger.append(newStream(), 'no_stream', [newEvent()]));

    expect(outcome).toMatchObject({ kind: 'unavailable', written: 'unknown' });
    await standIn.start();
    expect(await readAll(ledger)).toHaveLength(1);
  });
});

describe('an append that is never answered', () => {
  it('is sent again after its deadline, and written once', async () => {
    const stream = newStream();
    const reached = standIn.faults.hang('append', { when: 'after' });

    const appending = ledger.append(stream, 'no_stream', [newEvent()]);
    await reached;

    expect((await appending).revision).toBe(0);
    expect(await readStream(ledger, stream)).toHaveLength(1);
  });

  it('ends all the same', async () => {
    standIn.gate.freeze();

    const outcome = await outcomeOf(ledger.append(newStream(), 'no_stream', [newEvent()]));

    expect(outcome).toEqual({
      kind: 'unavailable',
      reason: 'its server does not answer',
      written: 'unknown',
    });
    standIn.gate.thaw();
  });
});

describe('an append of what stands in the stream', () => {
  it('is answered with its position also by a server that leaves it out', async () => {
    const old = await StandInEventStoreDB.start({ repeatsWithoutPosition: true });
    const onOld = await openEventStoreDBLedger(urlOf(old));
    const events = [newEvent(), newEvent()];

    const first = await onOld.append(newStream(), 'no_stream', events);
    const stream = (await readAll(onOld))[0]?.stream ?? '';

    expect(await onOld.append(stream, 'no_stream', events)).toEqual(first);
    await onOld.close();
    await old.kill();
  });

  it('is known also to a server that has forgotten it', async () => {
    const stream = newStream();
    const events = [newEvent()];
    const first = await ledger.append(stream, 'any', events);
    standIn.forget();

    expect(await ledger.append(stream, 'any', events)).toEqual(first);
    expect(await readStream(ledger, stream)).toHaveLength(1);
  });
});

describe('a cluster', () => {
  let second: StandInEventStoreDB;
  let cluster: Cluster;
  beforeEach(async () => {
    await ledger.close();
    await standIn.kill();
    cluster = new Cluster();
    const { log } = standIn;
    standIn = await StandInEventStoreDB.start({ log, cluster });
    second = await StandInEventStoreDB.start({ log, cluster });
    const hosts = `${standIn.host}:${standIn.port},${second.host}:${second.port}`;
    ledger = await openEventStoreDBLedger(`esdb://${hosts}?tls=false&defaultDeadline=${DEADLINE}`);
  });
  afterEach(() => second.kill());

  it('is found by one name', async () => {
    const found = await openEventStoreDBLedger(`esdb+discover://127.0.0.1:${second.port}?tls=false`);

    expect((await found.append(newStream(), 'no_stream', [newEvent()])).revision).toBe(0);
    await found.close();
  });

  it('is followed to its new leader', async () => {
    cluster.leader = second;

    expect((await ledger.append(newStream(), 'no_stream', [newEvent()])).revision).toBe(0);
    expect(await readAll(ledger)).toHaveLength(1);
  });

  it('is followed when its leader dies and another takes over', async () => {
    const stream = newStream();
    await standIn.kill();
    const appending = ledger.append(stream, 'no_stream', [newEvent()]);
    cluster.leader = second;

    expect((await appending).revision).toBe(0);
    expect(await readStream(ledger, stream)).toHaveLength(1);
  });

  it('is asked again where it names a leader that is dead', async () => {
    cluster.leader = { host: '127.0.0.1', port: 1 };
    const appending = ledger.append(newStream(), 'no_stream', [newEvent()]);
    setTimeout(() => {
      cluster.leader = second;
    }, 100);

    expect((await appending).revision).toBe(0);
  });

  it.each([
    ['knows of no leader', rpcErrors.noLeaderInfo],
    ['is not ready', rpcErrors.notReady],
  ])('is asked again where it %s during an election', async (_, error) => {
    cluster.leader = null;
    cluster.duringElection = error;
    const appending = ledger.append(newStream(), 'no_stream', [newEvent()]);
    setTimeout(() => {
      cluster.leader = second;
    }, 100);

    expect((await appending).revision).toBe(0);
  });
});

describe('two clients in one process', () => {
  it('have nothing to do with what goes wrong with the other', async () => {
    const theirs = await openEventStoreDBLedger(urlOf(standIn, 'theirs'));
    const ours = await openEventStoreDBLedger(standIn.url);
    // The client takes this for a reason to connect anew.
    const error = rpcErrors.notReady();
    standIn.faults.next('append', { fault: { kind: 'error', error }, connection: 'theirs', times: 1_000 });

    const failing = Array.from({ length: 20 }, () =>
      outcomeOf(theirs.append(newStream(), 'no_stream', [newEvent()])),
    );
    const going = Array.from({ length: 100 }, () =>
      outcomeOf(ours.append(newStream(), 'no_stream', [newEvent()])),
    );

    expect((await Promise.all(going)).filter((outcome) => 'position' in outcome)).toHaveLength(100);
    expect((await Promise.all(failing)).filter((outcome) => 'position' in outcome)).toEqual([]);
    await theirs.close();
    await ours.close();
  });
});
