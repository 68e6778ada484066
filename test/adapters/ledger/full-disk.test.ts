import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { verifyLedger } from '../../../src/adapters/ledger/verification.ts';
import {
  type FullDisk,
  type GrownDisk,
  makeSmallDisk,
  makeSmallQuota,
  type SmallPlace,
} from './full-disk.ts';

const script = new URL('./fill-disk.ts', import.meta.url).pathname;

it('fails an append that has no room, loses nothing, and goes on when there is room again', async () => {
  await using place = await makeSmallDisk().catch(makeSmallQuota);

  await expectToOutlastFullDisk(place);
});

it('does so where a limit on the size of files is what leaves no room', async () => {
  await using place = await makeSmallQuota();

  await expectToOutlastFullDisk(place);
});

async function expectToOutlastFullDisk(place: SmallPlace): Promise<void> {
  const file = join(place.path, 'ledger.sqlite');
  const child = place.spawn(script, file);
  const exited = once(child, 'exit');
  if (child.stdout === null || child.stdin === null) throw new Error('the process has no pipes');
  const reports = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextReport = async (): Promise<unknown> => JSON.parse(String((await reports.next()).value));

  const notWritten = { kind: 'unavailable', reason: expect.any(String), written: 'no' };
  const appended = { revision: expect.any(Number), position: expect.any(String) };
  expect(await nextReport()).toEqual({
    hugeOutcome: notWritten,
    neighbours: Array.from({ length: 10 }, () => appended),
    lastOutcome: notWritten,
    lastAgain: notWritten,
    missing: 0,
    surplus: 0,
  } satisfies Record<keyof FullDisk, unknown>);
  await place.grow(child);
  child.stdin.write('go on\n');
  expect(await nextReport()).toEqual({
    hugeOutcome: appended,
    lastOutcome: appended,
    missing: 0,
    surplus: 0,
  } satisfies Record<keyof GrownDisk, unknown>);
  expect(await exited).toEqual([0, null]);
  expect(await verifyLedger(file)).toMatchObject({ ok: true });
}
