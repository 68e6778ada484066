import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillLedger } from '../../../../bench/workload.ts';
import { copyLedger } from '../../../../src/adapters/ledger/copy.ts';
import { type LedgerPlace, ledgerPlace } from '../../../../src/adapters/ledger/ledger-place.ts';
import type { Ledger } from '../../../../src/domain/ledger.ts';
import { openReadModels } from '../../../../src/projections/projector.ts';
import { newEvent, newStream, outcomeOf, readAll, readStream } from '../../../domain/appending.ts';
import { dump } from '../../../projections/dump.ts';
import { makeDirectory } from '../ledger-files.ts';
import { createStore, placeOf, type ServerStore, testedOn } from './stores.ts';

/** What needs no server that can be made to fail, beside the contract. */
describe(`EventStoreDB (${testedOn})`, () => {
  let store: ServerStore;
  beforeEach(async () => {
    store = await createStore();
  });
  afterEach(() => store.remove());

  describe('as a ledger', () => {
    let ledger: Ledger;
    beforeEach(async () => {
      ledger = await store.open();
    });
    afterEach(() => ledger.close());

    it('takes what stands at the end of a stream for a conflict, where the server itself would take it twice', async () => {
      const stream = newStream();
      const first = newEvent();
      await ledger.append(stream, 'no_stream', [first, newEvent()]);
      const another = await store.open();

      for (const each of [ledger, another]) {
        expect(await outcomeOf(each.append(stream, 1, [first]))).toEqual({
          kind: 'conflict',
          stream,
          actual: 1,
        });
      }
      await another.close();
      expect(await readStream(ledger, stream)).toHaveLength(2);
    });

    it('goes on from the last revision of a stream that somebody deleted', async () => {
      const stream = newStream();
      await ledger.append(stream, 'no_stream', [newEvent(), newEvent()]);
      await store.deleteStream(stream);
      expect(await readStream(ledger, stream)).toEqual([]);

      const { revision } = await ledger.append(stream, 'no_stream', [newEvent()]);
      await ledger.append(stream, revision, [newEvent()]);

      expect((await readStream(ledger, stream)).map((event) => event.revision)).toEqual([2, 3]);
    });

    it('takes nothing more into a stream that was deleted for good', async () => {
      const stream = newStream();
      await ledger.append(stream, 'no_stream', [newEvent()]);
      await store.tombstoneStream(stream);

      expect(await outcomeOf(ledger.append(stream, 0, [newEvent()]))).toEqual({
        kind: 'unavailable',
        reason: 'somebody has deleted the stream for good',
        written: 'no',
      });
      // The server's own note of that stands among the events, and is none.
      await ledger.append(newStream(), 'no_stream', [newEvent()]);
      expect((await readAll(ledger)).map(({ type }) => type)).not.toContain('$streamDeleted');
      const again = await store.open();
      await again.close();
    });

    it("writes none of the events that are over the server's limit together", async () => {
      const stream = newStream();
      const half = { text: 'x'.repeat(600 * 1024) };

      const outcome = await outcomeOf(ledger.append(stream, 'no_stream', [newEvent(half), newEvent(half)]));

      expect(outcome).toMatchObject({ kind: 'too_large' });
      expect(await readStream(ledger, stream)).toEqual([]);
    });

    it('knows no positions of another kind of ledger', () => {
      expect(() => ledger.compare('7', '8')).toThrow(TypeError);
    });
  });

  describe('in a copy', () => {
    const EVENTS = 60;
    let directory: Awaited<ReturnType<typeof makeDirectory>>;
    let file: LedgerPlace;
    let server: LedgerPlace;
    beforeEach(async () => {
      directory = await makeDirectory();
      file = ledgerPlace(join(directory.path, 'source.sqlite'), undefined);
      server = placeOf(store);
    });
    afterEach(() => directory[Symbol.asyncDispose]());

    const append = (place: LedgerPlace) =>
      place.use((ledger) => ledger.append(newStream(), 'no_stream', [newEvent()]));

    /** All rows of the read models of a ledger. */
    async function rowsOf(place: LedgerPlace, name: string) {
      const readModels = join(directory.path, `${name}.sqlite`);
      await place.use(async (ledger) => (await openReadModels({ file: readModels, ledger })).close());
      return dump(readModels);
    }

    it('from a file to a server and back is the same, and so are the read models', async () => {
      const back = ledgerPlace(join(directory.path, 'back.sqlite'), undefined);
      await file.use((ledger) => fillLedger(ledger, EVENTS, { retrains: 2 }));

      expect(await copyLedger(file, server)).toEqual({ events: EVENTS, copied: EVENTS });
      expect(await copyLedger(server, back)).toEqual({ events: EVENTS, copied: EVENTS });

      const rows = await rowsOf(file, 'of-file');
      expect(await rowsOf(server, 'of-server')).toEqual(rows);
      expect(await rowsOf(back, 'of-back')).toEqual(rows);
      expect(await back.use(readAll)).toEqual(await file.use(readAll));
    });

    it('is not mixed with anything else', async () => {
      await append(file);
      await append(server);

      await expect(copyLedger(file, server)).rejects.toThrow(
        /does not hold the same: its event 1 is .*; copy into an empty ledger\.$/,
      );
      expect(await server.use(readAll)).toHaveLength(1);
    });

    it('is not overtaken by what came since', async () => {
      await append(file);
      await copyLedger(file, server);
      await append(server);

      await expect(copyLedger(file, server)).rejects.toThrow(/holds more than the ledger that is copied/);
    });
  });
});
