import { openEventStoreDBLedger } from '../../../../src/adapters/ledger/eventstoredb.ts';
import { ledgerContract } from '../../../domain/ledger-contract.ts';
import { StandInEventStoreDB } from '../../../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

ledgerContract('EventStoreDB (our stand-in)', async () => {
  const standIn = await StandInEventStoreDB.start();
  return {
    open: () => openEventStoreDBLedger(standIn.url),
    outage: { begin: () => standIn.kill(), end: () => standIn.start() },
    remove: () => standIn.kill(),
  };
});
