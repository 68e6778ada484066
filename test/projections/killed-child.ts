/** Run by killed.ts: follows a ledger that grows, or makes its rows anew again and again, until it is killed. */
import { workload } from '../../bench/workload.ts';
import { openSqliteLedger } from '../../src/adapters/ledger/sqlite.ts';
import type { Ledger } from '../../src/domain/ledger.ts';
import { openReadModels, type ReadModels } from '../../src/projections/projector.ts';

const APPENDS_AT_ONCE = 40;

const [mode = '', ledgerFile = '', file = '', events = ''] = process.argv.slice(2);
console.log('started');
const ledger = await openSqliteLedger({ file: ledgerFile });
const readModels = await openReadModels({ file, ledger });
console.log('opened');
if (mode === 'follow') await follow(ledger, readModels);
else await rebuildForEver(readModels);

async function follow(ledger: Ledger, readModels: ReadModels): Promise<void> {
  // Positions of this ledger count its events, and an append is there whole or not at all.
  let known = Number((await ledger.head()) ?? 0);
  let appending: Promise<{ position: string }>[] = [];
  for (const { stream, expected, events: added } of workload(Number(events))) {
    known -= added.length;
    if (known >= 0) continue;
    appending.push(ledger.append(stream, expected, added));
    if (appending.length < APPENDS_AT_ONCE) continue;
    await Promise.all(appending.map(async (appended) => readModels.caughtUpWith((await appended).position)));
    appending = [];
  }
  await Promise.all(appending);
  await readModels.caughtUpWith(await ledger.head());
  console.log('done');
  await readModels.close();
  await ledger.close();
}

async function rebuildForEver(readModels: ReadModels): Promise<never> {
  for (;;) {
    await readModels.rebuild();
    console.log('rebuilt');
  }
}
