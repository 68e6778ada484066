import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgramHere, runHere } from '../program.ts';
import { StandInEventStoreDB } from '../stand-ins/eventstoredb/stand-in-eventstoredb.ts';
import { talkHere } from './talk.ts';

let cwd: string;
let standIn: StandInEventStoreDB;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'ledger-server-'));
  standIn = await StandInEventStoreDB.start();
});
afterEach(async () => {
  await standIn.kill();
  rmSync(cwd, { recursive: true });
});

const environment = () => ({ LEDGER_URL: `${standIn.url}&defaultDeadline=3000` });

describe('a bot whose ledger is on a server', () => {
  it('waits for it at the start, says what is not done while it is away, and goes on when it is back', async () => {
    await standIn.kill();
    const program = new ProgramHere(['console', '--json', '--data-dir', cwd], environment());
    await vi.waitUntil(() => program.stderr.includes('; it is waited for.'), { timeout: 60_000 });
    await standIn.start();

    program.send('When does the library open?\n');
    await program.lines(1);
    await standIn.kill();
    program.send('!correct last At nine.\n');
    const [, refused = ''] = await program.lines(2);
    await standIn.start();
    program.send('!correct last At nine.\n!history last\n');
    const lines = await program.lines(4);
    const { code } = await program.end();

    expect(JSON.parse(refused).text).toMatch(
      /^(Nothing was done|It is not known whether that was done), because the ledger is unavailable: (its server cannot be reached|the connection to its server broke); .*\.$/,
    );
    expect(lines.map((line) => JSON.parse(line).ok)).toEqual([true, false, true, true]);
    expect(standIn.log.events.map(({ type }) => type)).toEqual(['PredictionMade', 'CorrectionGiven']);
    expect(code).toBe(0);
  });

  it('is checked and copied from the command line', async () => {
    const env = environment();
    await talkHere(cwd, ['Hello?', '!correct last Hello!'], { env });

    const verified = await runHere(['ledger', 'verify', '--data-dir', cwd], env);
    const copied = await runHere(['ledger', 'copy', 'LEDGER_URL', join(cwd, 'copy.sqlite')], env);
    const imported = await runHere(['ledger', 'import', 'a.jsonl', '--data-dir', cwd], env);

    expect(verified.stdout).toMatch(
      /^Every event can be read: 2 events in 1 streams, SHA-256 of their export [0-9a-f]{64}\./,
    );
    expect(copied.stdout).toMatch(
      /^Copied 2 events from esdb:.* to .*copy\.sqlite; all 2 events are the same in both\.$/m,
    );
    expect(imported.stderr).toMatch(/^ledger import makes a ledger file, but LEDGER_URL is set;/);
  });

  it('ends with one sentence where it only asks something and the server is away', async () => {
    await standIn.kill();

    const { code, stdout, stderr } = await runHere(['history', '--data-dir', cwd], environment());

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^the ledger is unavailable: its server at esdb:.* is away \(.*\)\.\n$/);
  });
});
