import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ffmpeg, type FfmpegJob } from '../../../src/adapters/audio/ffmpeg/ffmpeg.ts';
import { english } from '../../../src/domain/languages/english/english.ts';
import { tone } from './sound-files.ts';

const encoding: FfmpegJob = {
  inputOptions: ['-f', 's16le', '-ac', '1', '-ar', '22050'],
  input: new Uint8Array(tone(1).buffer),
  outputOptions: ['-c:a', 'libopus', '-fflags', '+bitexact', '-f', 'ogg'],
  timeLimitMs: 30_000,
};

/** Silence without end. */
const endless: FfmpegJob = {
  inputOptions: ['-f', 'lavfi', '-i', 'anullsrc', '-f', 's16le', '-ac', '1', '-ar', '8000'],
  input: new Uint8Array(16),
  outputOptions: ['-map', '0:a', '-f', 'null'],
  timeLimitMs: 1_000,
};

const garbage: FfmpegJob = { ...encoding, inputOptions: [], input: new Uint8Array(1_000).fill(7) };

const threads = english.sound.threads;
let ffmpeg: Ffmpeg;

beforeAll(async () => {
  ffmpeg = new Ffmpeg({ threads: 2, mostWaiting: 4 });
  // The code is compiled first.
  await ffmpeg.run(encoding);
}, 60_000);

afterAll(async () => {
  await ffmpeg.close();
});

async function hashOf(job: FfmpegJob): Promise<string> {
  const { exitCode, output } = await ffmpeg.run(job);
  if (exitCode !== 0 || output === null) return `exit code ${exitCode}`;
  return createHash('sha256').update(output).digest('hex');
}

describe('ffmpeg', () => {
  it('gives the same bytes each time, whatever broke down in between', async () => {
    const first = await hashOf(encoding);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await hashOf(garbage)).toBe('exit code null');
      expect(await hashOf(encoding)).toBe(first);
    }
  });

  it('says in its log why it broke down', async () => {
    const { log, output } = await ffmpeg.run(garbage);
    expect(output).toBeNull();
    expect(log.join('\n')).toContain('Invalid data found');
  });

  it('is ended where it is stuck, without harm to what goes on beside it', async () => {
    const stuck = ffmpeg.run(endless);
    const neighbours = Promise.all([hashOf(encoding), hashOf(encoding)]);
    await expect(stuck).rejects.toThrow(threads.tooSlow);
    const [one, other] = await neighbours;
    expect(one).toBe(other);
    expect(await hashOf(encoding)).toBe(one);
  });

  it('is ended where nobody wants it any more, and so is what waits', async () => {
    const leaving = new AbortController();
    const all = Array.from({ length: 4 }, () =>
      ffmpeg.run({ ...endless, timeLimitMs: 60_000, signal: leaving.signal }),
    );
    const outcomes = Promise.allSettled(all);
    leaving.abort();
    for (const { status } of await outcomes) expect(status).toBe('rejected');
    await expect(ffmpeg.run({ ...encoding, signal: leaving.signal })).rejects.toThrow(threads.cancelled);
    expect(await hashOf(encoding)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes no more than it can work on', async () => {
    const leaving = new AbortController();
    const wanted = Array.from({ length: 12 }, () =>
      ffmpeg.run({ ...endless, timeLimitMs: 60_000, signal: leaving.signal }),
    );
    const last = wanted.at(-1);
    const outcomes = Promise.allSettled(wanted);
    await expect(last).rejects.toThrow(threads.busy);
    leaving.abort();
    await outcomes;
  });

  it('ends what it does where it is closed', async () => {
    const other = new Ffmpeg({ threads: 1, mostWaiting: 4 });
    const outcomes = Promise.allSettled([other.run(endless), other.run(encoding)]);
    await other.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: threads.closing } });
    }
    await expect(other.run(encoding)).rejects.toThrow(threads.closing);
  });
});
