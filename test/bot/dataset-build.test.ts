import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openVault } from '../../src/adapters/files/vault.ts';
import { storeDataset } from '../../src/bot/dataset-build.ts';
import type { Vault } from '../../src/domain/ports.ts';
import { bytesOf } from '../adapters/files/bytes.ts';
import { temporaryDirectory } from '../adapters/files/temporary-directory.ts';
import { filesOf, replayOf, selection } from '../domain/replayed.ts';
import { asks, corrects, told } from '../domain/story.ts';

const replay = replayOf(
  told(
    ...Array.from({ length: 2_000 }, (_, index) => [
      asks(`a${index}`),
      corrects(`a${index}`, `c${index}`, { text: `Grüße ${index} `.repeat(20) }),
    ]).flat(),
  ),
);
const request = { ...selection(), scope: 'local', through: null };

it('a dataset and its manifest are stored as they are replayed, in as many pieces as it takes', async () => {
  const vault = openVault(temporaryDirectory());
  const { built } = await storeDataset(vault, replay, request);
  const stored = async (sha256: string) => (await bytesOf(vault.read(sha256))).toString('utf8');
  expect({ dataset: await stored(built.dataset), manifest: await stored(built.manifest) }).toEqual(
    filesOf(replay),
  );
  expect(built).toMatchObject({ examples: 2_000, bytes: Buffer.byteLength(filesOf(replay).dataset) });
});

it.each([
  ['dataset', 0],
  ['manifest', 1],
])('where the %s cannot be stored, neither is left half written', async (_, failing) => {
  const directory = temporaryDirectory();
  const vault = openVault(directory);
  let puts = 0;
  const full: Vault = {
    ...vault,
    put: async (content) => {
      if (puts++ === failing) throw new Error('the disk is full');
      return vault.put(content);
    },
  };

  await expect(storeDataset(full, replay, request)).rejects.toThrow('the disk is full');

  expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
});
