import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { promisify } from 'node:util';
import { z } from 'zod';

/** A process that another one, with the same number later on, is not taken for. */
export const ProcessIdentity = z.object({
  pid: z.int().positive(),
  /** When it was started, in words of the system's own; null where the system does not tell. */
  started: z.string().nullable(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** Of a running process; nothing where there is none of that number. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (platform === 'linux') {
    const started = await startedOnLinux(pid);
    return started === undefined ? undefined : { pid, started };
  }
  if (!exists(pid)) return undefined;
  return { pid, started: platform === 'win32' ? null : await startedByPs(pid) };
}

export async function isRunning(process: ProcessIdentity): Promise<boolean> {
  const found = await identify(process.pid);
  return found !== undefined && found.started === process.started;
}

/** Start times count from the start of the machine, so they are told apart by that. */
async function startedOnLinux(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may have any character in it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const started = fields[18];
    if (state === 'Z' || state === 'X' || started === undefined) return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${started}@${boot.trim()}`;
  } catch {
    return undefined;
  }
}

async function startedByPs(pid: number): Promise<string | null> {
  try {
    const options = { env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } };
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], options);
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
