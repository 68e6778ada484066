import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../src/domain/ledger.ts';
import { openReadModels } from '../../src/projections/projector.ts';
import { MemoryLedger } from '../stand-ins/memory-ledger.ts';
import { dump, generationsIn } from './dump.ts';
import { type RandomAppend, randomAppend } from './random-events.ts';

/** What happens between two events: nothing, the program starts anew, or the rows are made anew. */
type Interruption = 'none' | 'restart' | 'rebuild' | 'rebuild meanwhile';

const interruption = fc.constantFrom<Interruption>('none', 'restart', 'rebuild', 'rebuild meanwhile');
const portions = fc.array(fc.record({ appends: fc.array(randomAppend, { maxLength: 30 }), interruption }), {
  maxLength: 5,
});

test('the same events give the same rows, however they were taken in', async () => {
  await fc.assert(
    fc.asyncProperty(portions, async (history) => {
      const directory = await mkdtemp(join(tmpdir(), 'rebuild-'));
      try {
        const ledger = new MemoryLedger();
        const lived = join(directory, 'lived.sqlite');
        await live(ledger, lived, history);
        const fresh = join(directory, 'fresh.sqlite');
        await (await openReadModels({ file: fresh, ledger })).close();

        expect(dump(lived)).toEqual(dump(fresh));
        expect(generationsIn(lived)).toHaveLength(1);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: 25 },
  );
});

async function live(
  ledger: Ledger,
  file: string,
  history: readonly { readonly appends: readonly RandomAppend[]; readonly interruption: Interruption }[],
): Promise<void> {
  let readModels = await openReadModels({ file, ledger });
  for (const { appends, interruption } of history) {
    if (interruption === 'restart') {
      await readModels.close();
      await append(ledger, appends);
      readModels = await openReadModels({ file, ledger });
      continue;
    }
    if (interruption === 'rebuild') await readModels.rebuild();
    const rebuilding = interruption === 'rebuild meanwhile' ? readModels.rebuild() : undefined;
    await readModels.caughtUpWith(await append(ledger, appends));
    await rebuilding;
  }
  await readModels.close();
}

async function append(ledger: Ledger, appends: readonly RandomAppend[]): Promise<string | null> {
  for (const { stream, events } of appends) await ledger.append(stream, 'any', events);
  return ledger.head();
}
