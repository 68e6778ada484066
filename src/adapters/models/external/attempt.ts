import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptEnd } from './attempt-end.ts';
import { type LineRules, LineSplitter } from './bounded-lines.ts';
import { BoundedLog } from './bounded-log.ts';
import { FollowedFile } from './followed-file.ts';
import type { JobDirectory } from './job-directory.ts';
import { systemCode } from './system-code.ts';
import type { TrainerOutput } from './trainer-output.ts';
import { JOB_VARIABLE, TrainerProcesses } from './trainer-processes.ts';
import { MAX_PROTOCOL_LINE, PROTOCOL_DESCRIPTOR } from './trainer-protocol.ts';

const MAX_PRINTED_LINE = 16_384;
const MAX_LOG_BYTES = 4 * 2 ** 20;
const LOOK_MS = 500;
/** How long a pipe may stay open that a process holds which could not be ended. */
const DRAIN_MS = 2_000;
const HOUR_MS = 3_600_000;

export interface AttemptTerms {
  readonly command: readonly [string, ...string[]];
  /** In milliseconds of performance.now(). */
  readonly deadline: number;
  readonly timeLimitMs: number;
  readonly stopMs: number;
  readonly stop: AbortSignal;
  readonly started: (pid: number) => Promise<void>;
}

/** Starts the trainer once, in a process group of its own, and sees to it that nothing of it is left at the end. */
export async function attempt(
  job: JobDirectory,
  output: TrainerOutput,
  terms: AttemptTerms,
): Promise<AttemptEnd> {
  const [program] = terms.command;
  let child: ChildProcess;
  try {
    child = start(job, terms.command);
  } catch (error) {
    return notStarted(program, error);
  }
  const ended = whenEnded(child, program);
  if (child.pid === undefined) return (await ended).end;
  const closed = once(child, 'close').catch(() => undefined);
  const reading = readOutput(child, job, output);
  const logs = followLogs(job, output);
  await terms.started(child.pid);

  const processes = new TrainerProcesses(job.path, child.pid);
  const ending = new AbortController();
  const cut = await Promise.race([
    ended.then(() => undefined),
    untilAborted(terms.stop, ending.signal).then((): AttemptEnd => ({ kind: 'stopped' })),
    untilTime(terms.deadline, ending.signal).then(
      (): AttemptEnd => ({ kind: 'out of time', hours: terms.timeLimitMs / HOUR_MS }),
    ),
  ]);
  ending.abort();
  // Also where it ended by itself: what it left behind would go on, and hold its pipes open.
  await processes.end(terms.stopMs);
  await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
  reading.end();
  await logs.end();
  return cut ?? (await ended).end;
}

function start(job: JobDirectory, [program, ...args]: AttemptTerms['command']): ChildProcess {
  return spawn(program, args, {
    cwd: job.path,
    env: { ...process.env, [JOB_VARIABLE]: job.path },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
}

function whenEnded(child: ChildProcess, program: string): Promise<{ readonly end: AttemptEnd }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ end: notStarted(program, error) }));
    child.once('exit', (code, signal) => {
      resolve({
        end: code === null ? { kind: 'killed', signal: signal ?? 'a signal' } : { kind: 'exited', code },
      });
    });
  });
}

function notStarted(program: string, error: unknown): AttemptEnd {
  return { kind: 'not started', program, code: systemCode(error) ?? String(error) };
}

/** Reads all that it writes, so that it never waits, and keeps the latest part of it in files. */
function readOutput(child: ChildProcess, job: JobDirectory, output: TrainerOutput) {
  const printed = { maxLength: MAX_PRINTED_LINE, carriageReturnEnds: true };
  const protocol = { maxLength: MAX_PROTOCOL_LINE, carriageReturnEnds: false };
  const glimpse = (open: string) => output.glimpse(open);
  for (const stream of [child.stdout, child.stderr, child.stdio[PROTOCOL_DESCRIPTOR]]) {
    stream?.on('data', (bytes: Buffer) => {
      output.writtenBytes += bytes.length;
    });
  }
  const endings = [
    readStream(child.stdout, printed, job.standardOutput, {
      take: (line) => output.takeStandardOutput(line),
      glimpse,
    }),
    readStream(child.stderr, printed, job.standardError, {
      take: (line) => output.takeStandardError(line),
      glimpse,
    }),
    readStream(child.stdio[PROTOCOL_DESCRIPTOR], protocol, job.protocol, {
      take: (line) => output.takeProtocolLine(line),
    }),
  ];
  return {
    end: () => {
      for (const end of endings) end();
    },
  };
}

interface LineReader {
  readonly take: (line: string) => void;
  /** Of a line that is not whole yet. */
  readonly glimpse?: (open: string) => void;
}

function readStream(
  stream: ChildProcess['stdio'][number] | undefined,
  rules: LineRules,
  path: string,
  { take, glimpse }: LineReader,
): () => void {
  if (!(stream instanceof Readable)) return () => undefined;
  const splitter = new LineSplitter(rules);
  const log = new BoundedLog(path, MAX_LOG_BYTES);
  stream.on('data', (bytes: Buffer) => {
    log.write(bytes);
    for (const line of splitter.push(bytes)) take(line);
    glimpse?.(splitter.open);
  });
  // A trainer that is killed may leave a broken pipe.
  stream.on('error', () => undefined);
  return () => {
    for (const line of splitter.end()) take(line);
    log.close();
    stream.destroy();
  };
}

function followLogs({ llamaFactoryLogs }: JobDirectory, output: TrainerOutput) {
  const files = llamaFactoryLogs.map((path) => new FollowedFile(path, MAX_PRINTED_LINE));
  const look = async () => {
    for (const file of files) {
      for (const line of await file.readNew().catch(() => [])) output.takeLlamaFactoryLine(line);
    }
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_MS);
  return {
    end: async () => {
      clearInterval(timer);
      await looking.then(look);
    },
  };
}

async function untilAborted(signal: AbortSignal, given: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await once(signal, 'abort', { signal: given }).catch(() => new Promise(() => undefined));
}

/** A timer of Node's cannot be set for longer than 24 days. */
async function untilTime(deadline: number, given: AbortSignal): Promise<void> {
  const longest = 2 ** 31 - 1;
  for (let left = deadline - performance.now(); left > 0; left = deadline - performance.now()) {
    await delay(Math.min(left, longest), undefined, { signal: given }).catch(
      () => new Promise(() => undefined),
    );
  }
}
