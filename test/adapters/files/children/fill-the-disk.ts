import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openVault } from '../../../../src/adapters/files/vault.ts';
import { openWorkspace } from '../../../../src/adapters/files/workspace.ts';

/** Writes more than there is room for, and prints as JSON what is said and what is left in each place. */
const [directory = ''] = process.argv.slice(2);
const vault = openVault(join(directory, 'vault'));
const workspace = openWorkspace(directory);
function* tooMuch() {
  for (let count = 0; count < 4096; count++) yield Buffer.alloc(1024, count);
}
const noise = Buffer.from(Array.from({ length: 600 * 1024 }, () => Math.floor(Math.random() * 256)));
writeFileSync(join(directory, 'datasets', 'noise'), noise);

const results = [];
for (const write of [
  () => vault.put(tooMuch()),
  () => workspace.writeExport('local', 'export.txt', tooMuch()),
  () => workspace.archive('local', 'datasets'),
]) {
  const error = await write().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  results.push(error instanceof Error ? `${error.name}: ${error.message}` : 'it was written');
}
const small = await vault.put([Buffer.from('there is room for this')]);
const left = ['vault', 'exports', 'archives'].map((name) => readdirSync(join(directory, name)));
console.log(JSON.stringify({ results, left, small: small.bytes }));
