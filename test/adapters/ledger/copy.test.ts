import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillLedger } from '../../../bench/workload.ts';
import { copyLedger } from '../../../src/adapters/ledger/copy.ts';
import { type LedgerPlace, ledgerPlace } from '../../../src/adapters/ledger/ledger-place.ts';
import { LedgerError } from '../../../src/domain/ledger.ts';
import { newEvent, newStream } from '../../domain/appending.ts';
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

describe('a ledger that is copied', () => {
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
