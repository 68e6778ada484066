import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openSqliteLedger } from '../../../src/adapters/ledger/sqlite.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

/**
 * Run as a process of its own: opens a ledger and closes it, and says how many steps that took, or why it is refused.
 * A step is what changes a file, and each pause in the work; the process kills itself before the one that it is told.
 */
const [file = '', fatal = '0', links = 'links'] = process.argv.slice(2);
let steps = 0;

function counted<Target extends (...args: never[]) => unknown>(target: Target): Target {
  return new Proxy(target, {
    apply(_, self, args) {
      steps++;
      if (steps === Number(fatal)) process.kill(process.pid, 'SIGKILL');
      return Reflect.apply(target, self, args);
    },
  });
}

fs.renameSync = counted(fs.renameSync);
const { rmSync } = fs;
const rmCounted = counted(rmSync);
fs.rmSync = (path, options) => (fs.existsSync(path) ? rmCounted : rmSync)(path, options);
fs.fsyncSync = counted(fs.fsyncSync);
fs.copyFileSync = counted(fs.copyFileSync);
fs.linkSync = counted(links === 'links' ? fs.linkSync : refuseLinks);
timers.setImmediate = counted(timers.setImmediate);
Database.prototype.pragma = counted(Database.prototype.pragma);
Database.prototype.close = counted(Database.prototype.close);
syncBuiltinESMExports();

try {
  const ledger = await openSqliteLedger({ file });
  await ledger.close();
  process.stdout.write(String(steps));
} catch (error) {
  process.stdout.write(error instanceof Refusal ? error.message : String(error));
  process.exitCode = 1;
}

function refuseLinks(): never {
  throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
}
