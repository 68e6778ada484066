import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { z } from 'zod';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import type { Appended, Ledger } from '../../../src/domain/ledger.ts';
import { readAll } from '../../domain/appending.ts';
import { APPENDERS, nthAppend } from './appender-plan.ts';

const Acknowledgement = z.object({
  appender: z.int(),
  turn: z.int(),
  revision: z.int(),
  position: z.string(),
});

/** What each appender of each life of the process was told, in the order of its appends. */
type Acknowledged = Map<string, Appended[]>;

/**
 * Kills a process that appends from many sides, again and again, each time when it has acknowledged a number of
 * appends that comes as a surprise to it, and sees after each time that the ledger holds what it acknowledged.
 */
export async function killAgainAndAgain(file: string, kills: number, random: () => number): Promise<void> {
  const acknowledged: Acknowledged = new Map();
  for (let life = 0; life < kills; life++) {
    // Now and then while it is still opening the ledger.
    const enough = random() < 0.15 ? 0 : Math.floor(random() ** 2 * 1_500);
    await runUntilKilled(file, life, enough, acknowledged);

    if (acknowledged.size > 0) expect(await verifyLedger(file)).toMatchObject({ ok: true });
    const ledger = await openSqliteLedger({ file });
    await settleUnknown(ledger, life, acknowledged);
    await expectExactly(ledger, acknowledged);
    await ledger.close();
  }
}

async function runUntilKilled(
  file: string,
  life: number,
  enough: number,
  acknowledged: Acknowledged,
): Promise<void> {
  const script = new URL('./appender.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, file, String(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let seen = 0;
  if (enough === 0) child.kill('SIGKILL');
  for await (const line of createInterface({ input: child.stdout })) {
    const parsed = Acknowledgement.safeParse(parseWhole(line));
    // The last line may have been cut off by the kill.
    if (!parsed.success) break;
    const { appender, turn, ...appended } = parsed.data;
    const earlier = listOf(acknowledged, life, appender);
    expect(turn).toBe(earlier.length);
    earlier.push(appended);
    seen++;
    if (seen === enough) child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
}

function parseWhole(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Nobody knows what became of the append that each appender was waiting for: it is asked for again. */
async function settleUnknown(ledger: Ledger, life: number, acknowledged: Acknowledged): Promise<void> {
  for (let appender = 0; appender < APPENDERS; appender++) {
    const told = listOf(acknowledged, life, appender);
    const { stream, expected, events } = nthAppend(life, appender, told.length);
    told.push(await ledger.append(stream, expected, events));
  }
}

async function expectExactly(ledger: Ledger, acknowledged: Acknowledged): Promise<void> {
  const expected = new Map<string, string>();
  for (const [key, told] of acknowledged) {
    const [life = 0, appender = 0] = key.split(' ').map(Number);
    for (const [turn, { revision, position }] of told.entries()) {
      const { stream, events } = nthAppend(life, appender, turn);
      for (const [index, { id }] of events.entries()) {
        const back = events.length - 1 - index;
        expected.set(String(Number(position) - back), `${stream} ${revision - back} ${id}`);
      }
    }
  }
  const stored = (await readAll(ledger)).map(({ position, stream, revision, id }) => [
    position,
    `${stream} ${revision} ${id}`,
  ]);
  const inOrder = [...expected].sort(([a], [b]) => Number(a) - Number(b));
  expect(stored).toEqual(inOrder);
}

function listOf(acknowledged: Acknowledged, life: number, appender: number): Appended[] {
  const key = `${life} ${appender}`;
  const list = acknowledged.get(key) ?? [];
  acknowledged.set(key, list);
  return list;
}
