import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { argv, exit, pid } from 'node:process';
import { type JobDirectory, jobDirectory } from './job-directory.ts';
import { identify } from './process-identity.ts';
import { RunRecord } from './run-record.ts';
import { SupervisedRun } from './supervised-run.ts';
import { systemCode } from './system-code.ts';
import { Task } from './task.ts';

/**
 * A process of its own that outlives the bot: it starts the trainer of one job, follows it, and records what
 * becomes of it in the job's directory, which is its only argument.
 */
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const job = jobDirectory(argv[2] ?? '.');
const task = Task.parse(JSON.parse(readFileSync(job.task, 'utf8')));
if (await claim(job)) {
  const record = new RunRecord(job.record);
  const outcome = await new SupervisedRun(job, task, record, stop.signal).run();
  await record.appendSurely({ kind: 'ended', outcome }, stop.signal);
  record.close();
}
exit(0);

/** Whether this process is the one that supervises the job: of several, the first. */
async function claim({ supervisor }: JobDirectory): Promise<boolean> {
  const own = `${supervisor}.${pid}`;
  writeFileSync(own, JSON.stringify(await identify(pid)), { mode: 0o600 });
  try {
    linkSync(own, supervisor);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}
