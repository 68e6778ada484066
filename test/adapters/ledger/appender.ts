import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { APPENDERS, nthAppend } from './appender-plan.ts';

/** Run as a process of its own: appends from several sides until it is killed, and says what was acknowledged. */
const [file = '', life = '0'] = process.argv.slice(2);
const ledger = await openSqliteLedger({ file });

await Promise.all(Array.from({ length: APPENDERS }, (_, appender) => appendForEver(appender)));

async function appendForEver(appender: number): Promise<never> {
  for (let turn = 0; ; turn++) {
    const { stream, expected, events } = nthAppend(Number(life), appender, turn);
    const appended = await ledger.append(stream, expected, events);
    // Written at once where standard output is a pipe.
    process.stdout.write(`${JSON.stringify({ appender, turn, ...appended })}\n`);
  }
}
