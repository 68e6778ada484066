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
    await say(`${JSON.stringify({ appender, turn, ...appended })}\n`);
  }
}

/** Resolves when it is out of the process: what waits for a slow reader is lost with a process that is killed. */
function say(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
