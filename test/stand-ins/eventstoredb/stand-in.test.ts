import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AllStreamResolvedEvent,
  type AppendExpectedRevision,
  EventStoreDBClient,
  jsonEvent,
  StreamDeletedError,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rpcErrors } from './errors.ts';
import { EventLog } from './event-log.ts';
import { StandInEventStoreDB } from './stand-in-eventstoredb.ts';

/** With them the client makes a single append of it, without them a batch. */
const credentials = { username: 'admin', password: 'changeit' };

let standIn: StandInEventStoreDB;
let client: EventStoreDBClient;
beforeEach(async () => {
  standIn = await StandInEventStoreDB.start();
  client = EventStoreDBClient.connectionString(standIn.url);
});
afterEach(async () => {
  await client.dispose();
  await standIn.kill();
});

const newEvent = (data: object = {}) =>
  jsonEvent({ type: 'happened', data: { ...data }, metadata: { by: 'anna' } });

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe.each([
  ['a single append', { credentials }],
  ['a batch append', {}],
])("the client's own calls: %s", (_, options) => {
  it.each<[AppendExpectedRevision, boolean, boolean]>([
    ['no_stream', true, false],
    ['any', true, true],
    ['stream_exists', false, true],
    [0n, false, false],
    [1n, false, true],
    [2n, false, false],
  ])(
    'expecting %s goes through to no stream: %s, to one at revision 1: %s',
    async (expectedRevision, toNone, toOne) => {
      await client.appendToStream('one', [newEvent(), newEvent()], options);
      for (const [stream, goesThrough] of [
        ['none', toNone],
        ['one', toOne],
      ] as const) {
        const appended = client.appendToStream(stream, newEvent(), { expectedRevision, ...options });
        if (goesThrough) expect((await appended).success).toBe(true);
        else await expect(appended).rejects.toBeInstanceOf(WrongExpectedVersionError);
      }
    },
  );

  it('is recognised again at an exact revision for ever, at any only until the server is started anew', async () => {
    const event = newEvent();
    const exact = { expectedRevision: 'no_stream', ...options } as const;
    const first = await client.appendToStream('exact', event, exact);
    await client.appendToStream('any', event, options);
    await client.appendToStream('any', event, options);
    expect(await collect(client.readStream('any'))).toHaveLength(1);

    await standIn.kill();
    await standIn.start();
    await client.dispose();
    client = EventStoreDBClient.connectionString(standIn.url);

    // The client notices only by its first call that the old connection is gone.
    const again = await vi.waitFor(() => client.appendToStream('exact', event, exact), { timeout: 5_000 });
    expect(again.position).toEqual(first.position);
    await client.appendToStream('any', event, options);
    expect(await collect(client.readStream('exact'))).toHaveLength(1);
    expect(await collect(client.readStream('any'))).toHaveLength(2);
  });
});

describe('reading', () => {
  it('all includes where it starts, and a subscription leaves it out', async () => {
    for (let index = 0; index < 3; index++)
      await client.appendToStream('s', newEvent({ index }), { credentials });
    const all = await collect(client.readAll());
    const fromPosition = all[1]?.event?.position ?? 'start';

    const read = await collect(client.readAll({ fromPosition }));
    const subscription = client.subscribeToAll({ fromPosition });
    const subscribed = await new Promise<AllStreamResolvedEvent>((resolve) =>
      subscription.once('data', resolve),
    );
    await subscription.unsubscribe();

    expect(read.map(({ event }) => event?.data)).toEqual([{ index: 1 }, { index: 2 }]);
    expect(subscribed.event?.data).toEqual({ index: 2 });
    await vi.waitUntil(() => standIn.reader.openSubscriptions === 0);
  });

  it('goes backwards from the end', async () => {
    for (let index = 0; index < 3; index++)
      await client.appendToStream('s', newEvent({ index }), { credentials });
    const backwards = { direction: 'backwards', maxCount: 2 } as const;

    const all = await collect(client.readAll({ fromPosition: 'end', ...backwards }));
    const stream = await collect(client.readStream('s', { fromRevision: 'end', ...backwards }));

    expect(all.map(({ event }) => event?.data)).toEqual([{ index: 2 }, { index: 1 }]);
    expect(stream.map(({ event }) => event?.revision)).toEqual([2n, 1n]);
  });

  it('says where it has come in a filtered subscription', async () => {
    for (let index = 0; index < 70; index++)
      await client.appendToStream('theirs', newEvent(), { credentials });
    const { promise, resolve } = Promise.withResolvers<bigint>();
    const filter = streamNameFilter({
      prefixes: ['ours'],
      checkpointInterval: 2,
      checkpointReached: async (_, { commit }) => resolve(commit),
    });

    const subscription = client.subscribeToAll({ fromPosition: 'start', filter });

    expect(await promise).toBe(BigInt(standIn.log.events[63]?.commit ?? -1));
    await subscription.unsubscribe();
  });

  it('tells a stream that is not there from one that was deleted for good', async () => {
    await client.appendToStream('deleted', newEvent(), { credentials });
    await client.appendToStream('buried', newEvent(), { credentials });
    await client.deleteStream('deleted');
    await client.tombstoneStream('buried');

    await expect(collect(client.readStream('never'))).rejects.toBeInstanceOf(StreamNotFoundError);
    await expect(collect(client.readStream('deleted'))).rejects.toBeInstanceOf(StreamNotFoundError);
    await expect(collect(client.readStream('buried'))).rejects.toBeInstanceOf(StreamDeletedError);
    expect((await client.appendToStream('deleted', newEvent(), { credentials })).nextExpectedRevision).toBe(
      1n,
    );
  });
});

describe("the client's batches", () => {
  it('fail together with those of another client, though they are written: why we never use them', async () => {
    const other = EventStoreDBClient.connectionString(`${standIn.url}&connectionName=other`);
    const ours = EventStoreDBClient.connectionString(`${standIn.url}&connectionName=ours`);
    const reached = standIn.faults.hang('batchAppend', { when: 'after', connection: 'ours' });
    const outcome = ours.appendToStream('ours', newEvent()).then(
      () => 'acknowledged',
      () => 'rejected',
    );
    await reached;

    standIn.faults.next('batchAppend', {
      fault: { kind: 'error', error: rpcErrors.notReady() },
      connection: 'other',
    });
    await expect(other.appendToStream('theirs', newEvent())).rejects.toThrow();

    expect(await outcome).toBe('rejected');
    expect(standIn.log.stream('ours')?.events).toHaveLength(1);
    await Promise.all([other.dispose(), ours.dispose()]);
  });
});

describe('a log in a file', () => {
  it('is there again, without what was half written', () => {
    const directory = mkdtempSync(join(tmpdir(), 'event-log-'));
    const file = join(directory, 'events.jsonl');
    const log = new EventLog({ file });
    const content = { type: 't', contentType: 'application/json', metadata: Buffer.from('{}') };
    for (const id of ['a', 'b']) log.append('s', [{ ...content, id, data: Buffer.from(`"${id}"`) }]);
    log.delete('s');
    log.append('s', [{ ...content, id: 'c', data: Buffer.from('"c"') }]);
    log.close();
    appendFileSync(file, '{"stream":"s","eve');

    const again = new EventLog({ file });

    expect(again.events.map(({ stream, revision, commit }) => [stream, revision, commit])).toEqual(
      log.events.map(({ stream, revision, commit }) => [stream, revision, commit]),
    );
    expect(again.stream('s')?.visibleFrom).toBe(2);
    again.close();
    rmSync(directory, { recursive: true });
  });
});
