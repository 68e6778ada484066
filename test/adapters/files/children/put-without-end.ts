import { openVault } from '../../../../src/adapters/files/vault.ts';
import { openWorkspace } from '../../../../src/adapters/files/workspace.ts';

/** Puts one content, says so, and then writes others until it is killed. */
const [vaultDirectory = '', dataDirectory = ''] = process.argv.slice(2);
const vault = openVault(vaultDirectory);
const workspace = openWorkspace(dataDirectory);
const { sha256 } = await vault.put([Buffer.from('acknowledged')]);
console.log(sha256);

async function* endless() {
  for (;;) {
    yield Buffer.alloc(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
await Promise.all([vault.put(endless()), workspace.writeExport('local', 'endless.txt', endless())]);
