import { createExampleReader } from '../../../../src/adapters/files/example-reader.ts';
import { openVault } from '../../../../src/adapters/files/vault.ts';
import { takeIn } from '../../../../src/bot/dataset-intake.ts';
import { mostMebibytes } from './most-memory.ts';
import { contentOf } from './shapes.ts';

/** Takes so many MiB of each shape of file into a vault, and prints as JSON what came of it and the memory it took. */
const [directory = '', mebibytes = '', ...shapes] = process.argv.slice(2);
const total = Number(mebibytes) * 2 ** 20;
const { selected } = await takeIn(
  { vault: openVault(directory), exampleReader: createExampleReader() },
  shapes.map((shape) => ({
    path: shape.startsWith('CSV') ? `${shape}.csv` : shape,
    bytes: total,
    read: () => contentOf(shape, total),
  })),
  { positive: true, skipInvalid: true, maxExampleBytes: 1_000_000 },
);
console.log(
  JSON.stringify({
    examples: selected.examples,
    reasons: selected.skipped,
    mebibytes: mostMebibytes(),
  }),
);
