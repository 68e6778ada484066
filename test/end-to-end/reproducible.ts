import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openVault } from '../../src/adapters/files/vault.ts';
import { exportLedgerToFile } from '../../src/adapters/ledger/transfer.ts';
import { replayLedger, storeDataset } from '../../src/bot/dataset-build.ts';
import { loadConfiguration } from '../../src/configuration.ts';
import { withLedger } from '../../src/opening.ts';
import { run } from '../program.ts';
import { eventsIn } from './ledger-file.ts';
import { talk, talkHere, temporaryDirectory } from './talk.ts';

export const KIRITIMATI = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
export const NEWFOUNDLAND = {
  TZ: 'America/St_Johns',
  LANG: 'ru_RU.UTF-8',
  LC_ALL: 'ru_RU.UTF-8',
  LANGUAGE: 'ru',
};

/**
 * Every dataset that was ever built in a data directory is built again from its ledger, and from its exported and
 * imported ledger in an empty directory at every place: always to the byte.
 */
export async function expectDatasetsReproducible(
  directory: string,
  places: readonly Readonly<Record<string, string>>[],
): Promise<readonly string[]> {
  const datasets = builtIn(directory);
  const ledger = await exportLedger(directory, 'first.jsonl');
  await expectBuiltAgain(directory, datasets);
  for (const env of places) {
    const elsewhere = join(temporaryDirectory(), 'data');
    mkdirSync(elsewhere);
    const imported = await run(
      ['ledger', 'import', join(directory, 'first.jsonl'), '--data-dir', elsewhere],
      {
        cwd: elsewhere,
        env,
      },
    );
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(await exportLedger(elsewhere, 'second.jsonl')).toBe(ledger);
    await expectBuiltAgain(elsewhere, datasets, env);
    await expectEveryBuildAgain(elsewhere);
  }
  return datasets;
}

function builtIn(directory: string): readonly string[] {
  const built = eventsIn(directory).flatMap((event) =>
    event.type === 'DatasetBuilt' ? event.data.dataset : [],
  );
  return [...new Set(built)];
}

async function exportLedger(directory: string, name: string): Promise<string> {
  const file = join(directory, name);
  const { values } = loadConfiguration({ DATA_DIR: directory }, {}, directory);
  await withLedger(values, (ledger) => exportLedgerToFile(ledger, file));
  return readFileSync(file, 'utf8');
}

async function expectBuiltAgain(
  directory: string,
  datasets: readonly string[],
  elsewhere?: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = [
    ...datasets.map((dataset) => `!dataset ${dataset} verify=true`),
    ...datasets.map((dataset) => `!export ${dataset}`),
  ];
  const { replies } =
    elsewhere === undefined
      ? await talkHere(directory, lines)
      : await talk(directory, lines, { env: elsewhere });
  const verified = replies.slice(0, datasets.length).map(({ ok, data }) => [ok, data.sha256, data.verified]);
  expect(verified).toEqual(datasets.map((dataset) => [true, dataset, true]));
  const hashes = replies.slice(datasets.length).map(({ files: [file] }) => {
    const bytes = readFileSync(join(directory, file?.path ?? ''));
    return [file?.sha256, createHash('sha256').update(bytes).digest('hex')];
  });
  expect(hashes).toEqual(datasets.map((dataset) => [dataset, dataset]));
}

/** Also the earlier ones of a dataset that was built several times, each with its own manifest. */
async function expectEveryBuildAgain(directory: string): Promise<void> {
  const vault = openVault(join(temporaryDirectory(), 'vault'));
  const { values } = loadConfiguration({ DATA_DIR: directory }, {}, directory);
  await withLedger(values, async (ledger) => {
    for (const event of eventsIn(directory)) {
      if (event.type !== 'DatasetBuilt') continue;
      const request = { ...event.data, scope: event.metadata.scope };
      const { built } = await storeDataset(vault, await replayLedger(ledger, request), request);
      expect(built).toEqual(event.data);
    }
  });
}
