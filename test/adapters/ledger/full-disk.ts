import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { Appended, LedgerFault } from '../../../src/domain/ledger.ts';
import { makeDirectory } from './ledger-files.ts';

type Outcome = Appended | LedgerFault;

/** What fill-disk.ts says when there is no room. */
export interface FullDisk {
  /** Of an append that has no room, and of small ones at the same time. */
  readonly hugeOutcome: Outcome;
  readonly neighbours: readonly Outcome[];
  /** Of the first append that had no room any more, and of the same one at once again. */
  readonly lastOutcome: Outcome;
  readonly lastAgain: Outcome;
  readonly missing: number;
  readonly surplus: number;
}

/** What it says when there is room again. */
export interface GrownDisk extends Pick<FullDisk, 'hugeOutcome' | 'lastOutcome' | 'missing' | 'surplus'> {}

const run = promisify(execFile);
const SMALL_KIB = 2_048;

/** A place with little room for a process. */
export interface SmallPlace extends AsyncDisposable {
  readonly path: string;
  spawn(script: string, file: string): ChildProcess;
  grow(child: ChildProcess): Promise<void>;
}

/** A file system of its own; only those who may mount one can have it. */
export async function makeSmallDisk(): Promise<SmallPlace> {
  const directory = await makeDirectory();
  const { path } = directory;
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_KIB}k`, 'tmpfs', path]);
  } catch (error) {
    await directory[Symbol.asyncDispose]();
    throw error;
  }
  return {
    path,
    spawn: (script, file) => spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] }),
    grow: async () => {
      await run('mount', ['-o', `remount,size=${SMALL_KIB * 20}k`, path]);
    },
    async [Symbol.asyncDispose]() {
      await run('umount', [path]);
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** A limit on the size of the process's files, which anyone may set. */
export async function makeSmallQuota(): Promise<SmallPlace> {
  const directory = await makeDirectory();
  return {
    path: directory.path,
    spawn: (script, file) =>
      spawn('bash', ['-c', `ulimit -S -f ${SMALL_KIB} && exec "$0" "$@"`, process.execPath, script, file], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    grow: async ({ pid }) => {
      await run('prlimit', [`--pid=${pid}`, '--fsize=unlimited']);
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}
