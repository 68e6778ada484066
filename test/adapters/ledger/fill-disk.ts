import { once } from 'node:events';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import type { Appended, LedgerFault, NewEvent } from '../../../src/domain/ledger.ts';
import { newEvent, newStream, outcomeOf, readAll } from '../../domain/appending.ts';
import type { FullDisk, GrownDisk } from './full-disk.ts';

/** Run as a process of its own: appends until there is no room, waits for a line, and appends what had no room. */
const [file = ''] = process.argv.slice(2);
const ledger = await openSqliteLedger({ file });
const acknowledged = new Set<string>();

const huge = { stream: newStream(), events: Array.from({ length: 4 }, () => newEvent('x'.repeat(800_000))) };
const [hugeOutcome, ...neighbours] = await Promise.all([
  append(huge),
  ...Array.from({ length: 10 }, () => append({ stream: newStream(), events: [newEvent()] })),
]);
const { last, outcome: lastOutcome } = await appendUntilItFails();
report({ hugeOutcome, neighbours, lastOutcome, lastAgain: await append(last), ...(await compare()) });

await once(process.stdin, 'data');
report({ hugeOutcome: await append(huge), lastOutcome: await append(last), ...(await compare()) });
await ledger.close();
process.stdin.destroy();

interface Append {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

async function append({ stream, events }: Append): Promise<Appended | LedgerFault> {
  const outcome = await outcomeOf(ledger.append(stream, 'no_stream', events));
  if ('position' in outcome) for (const { id } of events) acknowledged.add(id);
  return outcome;
}

async function appendUntilItFails(): Promise<{ readonly last: Append; readonly outcome: LedgerFault }> {
  for (;;) {
    const last = { stream: newStream(), events: [newEvent('y'.repeat(30_000))] };
    const outcome = await append(last);
    if ('kind' in outcome) return { last, outcome };
  }
}

/** How many acknowledged events are missing, and how many are there that were not. */
async function compare() {
  const stored = new Set((await readAll(ledger)).map(({ id }) => id));
  return {
    missing: [...acknowledged].filter((id) => !stored.has(id)).length,
    surplus: [...stored].filter((id) => !acknowledged.has(id)).length,
  };
}

function report(found: FullDisk | GrownDisk): void {
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
