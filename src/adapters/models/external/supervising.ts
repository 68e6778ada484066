import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type JobDirectory, jobDirectory } from './job-directory.ts';
import { isRunning, ProcessIdentity } from './process-identity.ts';
import { RecordEntry } from './run-record.ts';
import { systemCode } from './system-code.ts';
import { TrainerProcesses } from './trainer-processes.ts';

/** Stands beside this file: as TypeScript in src, as JavaScript where it was compiled. */
const SUPERVISOR = fileURLToPath(new URL(`./supervisor${extname(import.meta.filename)}`, import.meta.url));
const LOOK_MS = 50;
/** Beyond the grace that the trainer has, until the supervisor itself is taken for stuck. */
const PATIENCE_MS = 10_000;

/** The supervisor of a job; nothing where none has taken it on yet. */
export async function supervisorOf({ supervisor }: JobDirectory): Promise<ProcessIdentity | undefined> {
  try {
    return ProcessIdentity.parse(JSON.parse(await readFile(supervisor, 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * The supervisor of a job that is prepared, started where there is none. It is none of this process's children
 * that end with it.
 * @returns nothing where it ended before it had begun
 */
export async function startSupervisor(
  job: JobDirectory,
  environment: Readonly<Record<string, string>>,
): Promise<ProcessIdentity | undefined> {
  const known = await supervisorOf(job);
  if (known !== undefined) return known;
  const child = spawnSupervisor(job, environment);
  let hasEnded = false;
  for (const event of ['exit', 'error']) {
    child.once(event, () => {
      hasEnded = true;
    });
  }
  for (;;) {
    // Asked before it is looked for, so that what it wrote last is seen.
    const wasOver = hasEnded;
    const found = await supervisorOf(job);
    if (found !== undefined || wasOver) return found;
    await delay(LOOK_MS);
  }
}

function spawnSupervisor(job: JobDirectory, environment: Readonly<Record<string, string>>): ChildProcess {
  const log = openSync(job.supervisorLog, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [SUPERVISOR, job.path], {
      cwd: job.path,
      env: environment,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/**
 * Ends a job's trainer, as gently as it lets itself be ended, and everything that belongs to it.
 * @returns whether anything was running
 */
export async function endTraining(path: string, stopMs: number): Promise<boolean> {
  const job = jobDirectory(path);
  const supervisor = await supervisorOf(job);
  const isSupervised = supervisor !== undefined && (await isRunning(supervisor));
  if (isSupervised) await endSupervisor(supervisor, stopMs);
  const hasLeft = await (await leftOver(job)).end(stopMs);
  return isSupervised || hasLeft;
}

/** Whether what became of a training is recorded to the end. */
export async function hasEnded(job: JobDirectory): Promise<boolean> {
  return (await entriesOf(job)).some(({ kind }) => kind === 'ended');
}

async function endSupervisor(supervisor: ProcessIdentity, stopMs: number): Promise<void> {
  tell(supervisor.pid, 'SIGTERM');
  const deadline = performance.now() + stopMs + PATIENCE_MS;
  while (await isRunning(supervisor)) {
    if (performance.now() > deadline) return tell(supervisor.pid, 'SIGKILL');
    await delay(LOOK_MS);
  }
}

/** What may still be running of a trainer whose supervisor is gone. */
async function leftOver(job: JobDirectory): Promise<TrainerProcesses> {
  const leader = (await entriesOf(job)).findLast((entry) => entry.kind === 'started')?.trainer;
  const isOurs = leader !== undefined && (await isRunning(leader));
  return new TrainerProcesses(job.path, isOurs ? leader.pid : undefined);
}

async function entriesOf({ record }: JobDirectory): Promise<readonly RecordEntry[]> {
  const text = await readFile(record, 'utf8').catch(() => '');
  // A supervisor that was killed may have left half a line at the end.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => RecordEntry.parse(JSON.parse(line)));
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
