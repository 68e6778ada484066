import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import { exportedFrom, namesIn, UPGRADED, writeAsFirstRelease } from './first-release.ts';
import { copyLedger, makeDirectory } from './ledger-files.ts';

const run = promisify(execFile);
const opening = new URL('./opening.ts', import.meta.url).pathname;
const EVENTS = 1_200;

/**
 * Kills the process that upgrades a ledger before one of its steps, and sees that all is there, as the old or as the
 * new ledger, and that the next start upgrades it where that had not been done.
 * @param stride 1 for every step, more for only some of them
 */
export async function killDuringUpgrade(stride: number, random: () => number): Promise<void> {
  await using directory = await makeDirectory();
  const original = join(directory.path, 'original.sqlite');
  await writeAsFirstRelease(original, EVENTS);
  const unharmed = join(directory.path, 'unharmed.sqlite');
  await copyLedger(original, unharmed);
  const { stdout } = await run(process.execPath, [opening, unharmed]);
  const steps = Number(stdout);
  expect(steps).toBeGreaterThan(20);
  const expected = await exportedFrom(unharmed);
  expect(expected.split('\n')).toHaveLength(EVENTS + 1);

  for (let step = 1 + Math.floor(random() * stride); step <= steps; step += stride) {
    await killBefore(step, original, expected);
  }
}

async function killBefore(step: number, original: string, expected: string): Promise<void> {
  await using directory = await makeDirectory();
  const file = join(directory.path, 'ledger.sqlite');
  await copyLedger(original, file);
  const child = spawn(process.execPath, [opening, file, String(step)], { stdio: 'inherit' });
  const killed = `killed before step ${step}`;
  expect(await once(child, 'exit'), killed).toEqual([null, 'SIGKILL']);

  expect(await verifyLedger(file), killed).toMatchObject({ ok: true, events: EVENTS });
  expect(await exportedFrom(file), killed).toBe(expected);
  expect(await namesIn(directory.path), killed).toEqual(UPGRADED);
  expect(await verifyLedger(`${file}.version-1`), killed).toMatchObject({ ok: true, events: EVENTS });
}
