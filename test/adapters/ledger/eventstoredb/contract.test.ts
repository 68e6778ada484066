import { ledgerContract } from '../../../domain/ledger-contract.ts';
import { createStore, testedOn } from './stores.ts';

ledgerContract(`EventStoreDB (${testedOn})`, createStore);
