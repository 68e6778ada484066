import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import type { StoredEvent } from '../../../src/domain/events.ts';
import type { Ledger } from '../../../src/domain/ledger.ts';
import { newEvent, newStream, readAll, readStream } from '../../domain/appending.ts';
import { fingerprints, makeDirectory, tamperWithEvents } from './ledger-files.ts';

/** So many that a thread of its own reads all but the first. */
const MANY = 9_000;
const eventsMeanwhile = 1_000;
const ODD_STREAM = 'training.local.answer-"quoted" \\ Ω';

let directory: Awaited<ReturnType<typeof makeDirectory>>;
let file: string;
let ledger: Ledger;

beforeEach(async () => {
  directory = await makeDirectory();
  file = join(directory.path, 'ledger.sqlite');
  ledger = await openSqliteLedger({ file, eventsMeanwhile });
  const texts = [
    'plain',
    'Die Katze schläft.',
    'line\nfeed, "quotes" and \\',
    '\u2028 \u{1f408}',
    ']},{"id":0',
  ];
  const streams = [newStream(), ODD_STREAM, newStream()];
  await Promise.all(
    streams.map((stream) =>
      ledger.append(
        stream,
        'no_stream',
        Array.from({ length: MANY / streams.length }, (_, index) => {
          const text = texts[index % texts.length];
          return newEvent({ text, number: index / 7, nothing: null, list: [{ index }] });
        }),
      ),
    ),
  );
});

afterEach(async () => {
  await ledger.close();
  await directory[Symbol.asyncDispose]();
});

it('delivers a long ledger as it was written', async () => {
  const all = await readAll(ledger);

  const byStream = Map.groupBy(all, ({ stream }) => stream);
  expect(all.map(({ position }) => Number(position))).toEqual(
    Array.from({ length: MANY }, (_, index) => index + 1),
  );
  expect(byStream.size).toBe(3);
  for (const [stream, events] of byStream) expect(events).toEqual(await readStream(ledger, stream));
});

it('also delivers what is appended meanwhile, in order', async () => {
  const stream = newStream();
  const seen: StoredEvent[] = [];
  for await (const event of ledger.readAll({ after: '10' })) {
    if (seen.length === 0) await ledger.append(stream, 'no_stream', [newEvent()]);
    seen.push(event);
  }

  expect(seen).toHaveLength(MANY - 10 + 1);
  expect(seen.at(-1)).toMatchObject({ stream, position: String(MANY + 1) });
});

it('delivers all before a damaged event, and then says which one it is', async () => {
  tamperWithEvents(file, `UPDATE events SET data = '{"text":"forged"}' WHERE position = 1500`);
  let delivered = 0;
  const reading = async () => {
    for await (const _ of ledger.readAll()) delivered++;
  };

  await expect(reading()).rejects.toMatchObject({
    fault: {
      kind: 'unavailable',
      reason: `${file}: event 1500 is not what was written; restore it from a backup or an export`,
    },
  });
  expect(delivered).toBeGreaterThanOrEqual(1_280);
  expect(delivered).toBeLessThan(1_500);
});

it('lets go of the file where the loop is left', async () => {
  for await (const event of ledger.readAll()) if (event.position === '200') break;

  await ledger.close();

  expect(Object.keys(await fingerprints(file))).toEqual(['', '-head']);
});

it('fails where the ledger is closed meanwhile, which does not wait for the reader', async () => {
  const reading = async () => {
    for await (const event of ledger.readAll()) if (event.position === '200') await ledger.close();
  };

  await expect(reading()).rejects.toMatchObject({
    fault: { kind: 'unavailable', reason: `${file}: it is closed`, written: 'no' },
  });
  expect(Object.keys(await fingerprints(file))).toEqual(['', '-head']);
});

it('stops where the signal fires', async () => {
  const stopping = new AbortController();
  let delivered = 0;
  const reading = async () => {
    for await (const _ of ledger.readAll({ signal: stopping.signal })) {
      if (++delivered === 300) stopping.abort();
    }
  };

  await expect(reading()).rejects.toThrow('aborted');
  expect(delivered).toBe(300);
});
