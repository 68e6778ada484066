import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openEventStoreDBLedger } from '../../src/adapters/ledger/eventstoredb.ts';
import { recordBuild } from '../../src/bot/dataset-record.ts';
import { FoldedStreams } from '../../src/domain/folded-streams.ts';
import { LedgerError } from '../../src/domain/ledger.ts';
import { examplesOf } from '../../src/projections/datasets.ts';
import { openReadModels } from '../../src/projections/projector.ts';
import { readAll } from '../domain/appending.ts';
import { id, samples } from '../domain/samples.ts';
import { StandInEventStoreDB } from '../stand-ins/eventstoredb/stand-in-eventstoredb.ts';

it('a dataset of 20,000 examples is recorded on a server with its usual limit, once, and goes on after a break', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dataset-record-'));
  const standIn = await StandInEventStoreDB.start();
  const ledger = await openEventStoreDBLedger(standIn.url);
  const readModels = await openReadModels({ file: join(directory, 'read-models.sqlite'), ledger });
  onTestFinished(async () => {
    await readModels.close();
    await ledger.close();
    await standIn.kill();
    await rm(directory, { recursive: true });
  });
  const services = { ledger, readModels, clock: { now: () => new Date() }, streams: new FoldedStreams() };
  const cause = {
    commandId: 'retrain',
    actor: 'ada',
    scope: 'local',
    channel: 'console',
    origin: 'console',
  } as const;
  const built = { ...samples.DatasetBuilt, examples: 20_000 };
  const examples = Array.from({ length: 20_000 }, (_, line) => ({
    answer: id(line),
    correction: id(line + 1),
  }));
  const record = () => recordBuild({ services, cause }, built, examples);

  const append = ledger.append.bind(ledger);
  const away = new LedgerError({ kind: 'unavailable', reason: 'it is away', written: 'no' });
  vi.spyOn(ledger, 'append').mockImplementationOnce(append).mockRejectedValueOnce(away);

  await expect(record()).rejects.toBe(away);
  expect(await readAll(ledger)).toHaveLength(5);
  await record();
  await record();

  expect((await readAll(ledger)).map(({ type }) => type)).toEqual([
    'DatasetBuilt',
    ...Array.from({ length: 10 }, () => 'DatasetExamplesListed'),
  ]);
  const shown = await examplesOf(readModels.db, 'local', built.dataset, { after: 0, limit: 30_000 });
  expect(shown.map(({ answer, correction }) => ({ answer, correction }))).toEqual(examples);
});
