import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillLedger } from '../../../bench/workload.ts';
import { copyLedger } from '../../../src/adapters/ledger/copy.ts';
import { type LedgerPlace, ledgerPlace } from '../../../src/adapters/ledger/ledger-place.ts';
import { LedgerError } from '../../../src/domain/ledger.ts';
import { openReadModels } from '../../../src/projections/projector.ts';
import { newEvent, newStream, readAll } from '../../domain/appending.ts';
import { dump } from '../../projections/dump.ts';
import { rpcErrors } from '../../stand-ins/eventstoredb/errors.ts';
import { StandInEventStoreDB } from '../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';
import { makeDirectory } from './ledger-files.ts';

const EVENTS = 60;

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let standIn: StandInEventStoreDB;
let file: LedgerPlace;
let server: LedgerPlace;

beforeEach(async () => {
  directory = await makeDirectory();
  standIn = await StandInEventStoreDB.start();
  file = ledgerPlace(join(directory.path, 'source.sqlite'), undefined);
  server = ledgerPlace('LEDGER_URL', `${standIn.url}&defaultDeadline=3000`);
});
afterEach(async () => {
  await standIn.kill();
  await directory[Symbol.asyncDispose]();
});

const lifeIn = (place: LedgerPlace) => place.use((ledger) => fillLedger(ledger, EVENTS, { retrains: 2 }));

/** All rows of the read models of a ledger. */
async function rowsOf(place: LedgerPlace, name: string) {
  const readModels = join(directory.path, `${name}.sqlite`);
  await place.use(async (ledger) => (await openReadModels({ file: readModels, ledger })).close());
  return dump(readModels);
}

describe('a ledger that is copied', () => {
  it('from a file to a server and back is the same, and so are the read models', async () => {
    const back = ledgerPlace(join(directory.path, 'back.sqlite'), undefined);
    await lifeIn(file);

    expect(await copyLedger(file, server)).toEqual({ events: EVENTS, copied: EVENTS });
    expect(await copyLedger(server, back)).toEqual({ events: EVENTS, copied: EVENTS });

    const rows = await rowsOf(file, 'of-file');
    expect(await rowsOf(server, 'of-server')).toEqual(rows);
    expect(await rowsOf(back, 'of-back')).toEqual(rows);
    expect(await back.use(readAll)).toEqual(await file.use(readAll));
  });

  it('goes on where it was interrupted, and with what has come since', async () => {
    await lifeIn(file);
    const interrupted = async () => {
      standIn.faults.next('append', { fault: { kind: 'die' }, when: 'after' });
      await expect(copyLedger(file, server)).rejects.toBeInstanceOf(LedgerError);
      standIn.faults.clear();
      await standIn.start();
    };
    await interrupted();
    const { copied } = await copyLedger(file, server);
    expect(copied).toBeLessThan(EVENTS);

    await file.use((ledger) => ledger.append(newStream(), 'no_stream', [newEvent(), newEvent()]));

    expect(await copyLedger(file, server)).toEqual({ events: EVENTS + 2, copied: 2 });
    expect(await copyLedger(file, server)).toEqual({ events: EVENTS + 2, copied: 0 });
  });

  it('is not mixed with anything else', async () => {
    await file.use((ledger) => ledger.append(newStream(), 'no_stream', [newEvent()]));
    await server.use((ledger) => ledger.append(newStream(), 'no_stream', [newEvent()]));

    await expect(copyLedger(file, server)).rejects.toThrow(
      /does not hold the same: its event 1 is .*; copy into an empty ledger\.$/,
    );
    expect(standIn.log.events).toHaveLength(1);
  });

  it('is not overtaken by its copy', async () => {
    await file.use((ledger) => ledger.append(newStream(), 'no_stream', [newEvent()]));
    await copyLedger(file, server);
    await server.use((ledger) => ledger.append(newStream(), 'no_stream', [newEvent()]));

    await expect(copyLedger(file, server)).rejects.toThrow(/holds more than the ledger that is copied/);
  });

  it('must be there, and be another than its copy', async () => {
    await expect(copyLedger(file, server)).rejects.toThrow(`There is no ledger at ${file.shown};`);
    await expect(copyLedger(server, server)).rejects.toThrow(/cannot be copied into itself/);
    expect(() => ledgerPlace('LEDGER_URL', undefined)).toThrow('LEDGER_URL is not set');
  });

  it('says where the server does not take it', async () => {
    await lifeIn(file);
    standIn.faults.next('append', { fault: { kind: 'error', error: rpcErrors.tooLarge(10) } });

    await expect(copyLedger(file, server)).rejects.toThrow(/does not take the copy/);
  });
});
