#!/usr/bin/env node
// Plain JavaScript without dependencies: this runs on the Node that is there, before anything that needs a
// newer one is loaded (the ledger's database driver would crash an older one).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 12];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** As in `npm start`: large files are read in little memory. */
const MEMORY = ['--max-semi-space-size=8', '--no-allocation-site-pretenuring'];
const program = new URL('../dist/main.js', import.meta.url);

if (isNewEnough()) await import(program.href);
else runUnder(findBroughtNode());

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** The Node that the optional dependency `node` brings, or nothing. */
function findBroughtNode() {
  try {
    const description = createRequire(import.meta.url).resolve('node/package.json');
    const { bin } = JSON.parse(readFileSync(description, 'utf8'));
    return join(dirname(description), bin.node);
  } catch {
    return undefined;
  }
}

function runUnder(node) {
  if (node === undefined) return giveUp();
  const child = spawn(node, [...MEMORY, fileURLToPath(program), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('error', giveUp);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

function giveUp() {
  console.error(
    `This needs Node.js ${NEEDED.join('.')} or newer and runs under ${process.versions.node}; install a newer one.`,
  );
  process.exitCode = 2;
}
