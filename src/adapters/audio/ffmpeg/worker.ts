import { parentPort, workerData } from 'node:worker_threads';
import type { FFmpeg } from '@ffmpeg.wasm/main';
import { READY } from '../ready.ts';
import { standBack } from '../thread-priority.ts';
import { createInstance } from './core.ts';
import { JobLog } from './job-log.ts';
import { type FfmpegReply, FfmpegRequest, FfmpegThreadData } from './protocol.ts';

const INPUT = 'input';
const OUTPUT = 'output';

interface Prepared {
  readonly ffmpeg: FFmpeg;
  readonly log: JobLog;
}

const { module, niceness } = FfmpegThreadData.parse(workerData);

standBack(niceness);

/** The next job finds its instance made. Each has one of its own: one that broke down gives wrong sound later. */
let prepared = prepare();

parentPort?.on('message', async (message) => {
  const request = FfmpegRequest.parse(message);
  const instance = prepared;
  const reply = carryOut(await instance, request);
  parentPort?.postMessage(reply, reply.output === null ? [] : [reply.output.buffer]);
  prepared = prepare();
});

await prepared;
parentPort?.postMessage(READY);

async function prepare(): Promise<Prepared> {
  const log = new JobLog();
  const ffmpeg = await createInstance(module, (line) => log.add(line));
  return { ffmpeg, log };
}

function carryOut({ ffmpeg, log }: Prepared, request: FfmpegRequest): FfmpegReply {
  ffmpeg.fs.writeFile(INPUT, request.input);
  const exitCode = run(ffmpeg, request);
  return { id: request.id, exitCode, output: read(ffmpeg), log: log.lines };
}

function run(ffmpeg: FFmpeg, { inputOptions, outputOptions }: FfmpegRequest): number | null {
  try {
    return ffmpeg.runSync(
      ...['-nostdin', '-y', '-hide_banner'],
      ...inputOptions,
      ...['-i', INPUT],
      ...outputOptions,
      OUTPUT,
    );
  } catch {
    return null;
  }
}

function read(ffmpeg: FFmpeg): Uint8Array<ArrayBuffer> | null {
  try {
    // A copy of its own: the file's array may have room to grow, and is handed over to another thread.
    return Uint8Array.from(ffmpeg.fs.readFile(OUTPUT));
  } catch {
    return null;
  }
}
