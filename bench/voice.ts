import { spawn } from 'node:child_process';
import { createSoundDecoder } from '../src/adapters/audio/decoding/sound-decoder.ts';
import { wavOf } from '../src/adapters/audio/decoding/wav.ts';
import { Ffmpeg } from '../src/adapters/audio/ffmpeg/ffmpeg.ts';
import { type ClosableVoice, createVoice } from '../src/adapters/audio/voice.ts';
import type { SourceFile } from '../src/domain/ports.ts';
import { type BenchRow, median } from './row.ts';
import { gapOnTheWire } from './voice-gap.ts';

const ROUNDS = 7;
const WARM_UPS = 4;
const GAP_ROUNDS = 5;
const RATE = 22_050;

const sentence = 'The quick brown fox jumps over the lazy brown dog.';
const tenWords = sentence;
const twoHundredWords = Array.from({ length: 20 }, () => sentence).join(' ');

/** Speech and sound, against the native programs where they are installed. */
export async function rows(): Promise<BenchRow[]> {
  const voice = createVoice({ engine: 'espeak', mostCharacters: 5_000 });
  try {
    await voice.prepare();
    for (let turn = 0; turn < WARM_UPS; turn += 1) await firstPacket(voice, tenWords);
    if (!(await isInstalled('espeak-ng')) || !(await isInstalled('ffmpeg'))) {
      console.error('espeak-ng and ffmpeg are not installed here, so voice is measured against nothing.');
      return [await gapRow(voice)];
    }
    return [
      await firstPacketRow(voice, '10 words, warm', tenWords, 1),
      await firstPacketRow(voice, '200 words', twoHundredWords, 0.5),
      await decodingRow(),
      await gapRow(voice),
    ];
  } finally {
    await voice.close();
  }
}

async function firstPacketRow(
  voice: ClosableVoice,
  what: string,
  text: string,
  most: number,
): Promise<BenchRow> {
  const whole = text !== tenWords;
  const [ours, native]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await firstPacket(voice, text));
    native.push(await nativePair(text, whole));
  }
  const ratio = median(ours) / median(native);
  return {
    what: `text to first packet, ${what}`,
    reference: `native espeak-ng into native ffmpeg, ${whole ? 'the whole text' : 'to the first Opus byte'}`,
    ratio,
    goal: `at most ${most.toFixed(1)}`,
    met: ratio <= most,
    details: `${median(ours).toFixed(0)} ms; native ${median(native).toFixed(0)} ms`,
  };
}

/** Milliseconds from a text to the first packets of it; the rest is made, but not counted. */
async function firstPacket(voice: ClosableVoice, text: string): Promise<number> {
  const started = performance.now();
  let first: number | null = null;
  for await (const _part of voice.speak(text, 'en')) first ??= performance.now() - started;
  return first ?? Number.NaN;
}

/** Milliseconds until the native programs gave the first bytes after the headers, or all. */
async function nativePair(text: string, whole: boolean): Promise<number> {
  const started = performance.now();
  const espeak = spawn('espeak-ng', ['-v', 'en-us', '--stdin', '--stdout'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-f', 'wav', '-i', 'pipe:0'],
      ...['-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-application', 'lowdelay'],
      ...['-compression_level', '5', '-b:a', '64k', '-frame_duration', '20'],
      ...['-page_duration', '20000', '-flush_packets', '1', '-f', 'ogg', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  ffmpeg.stdin.on('error', () => undefined);
  espeak.stdout.pipe(ffmpeg.stdin);
  espeak.stdin.end(text);
  let bytes = 0;
  for await (const chunk of ffmpeg.stdout) {
    bytes += chunk.length;
    if (!whole && bytes > 500) break;
  }
  const taken = performance.now() - started;
  for (const child of [espeak, ffmpeg]) child.kill('SIGKILL');
  return taken;
}

async function decodingRow(): Promise<BenchRow> {
  const file = sourceFile(await minuteOfSound());
  const decoder = createSoundDecoder({
    ...{ mostMegabytes: 25, mostSeconds: 600, timeLimitSeconds: 60, threads: 1, mostWaiting: 4 },
  });
  const [ours, native]: [number[], number[]] = [[], []];
  try {
    for (let turn = 0; turn < WARM_UPS; turn += 1) await decoder.decode(file);
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      await decoder.decode(file);
      ours.push(performance.now() - started);
      native.push(await nativeDecoding(file));
    }
  } finally {
    await decoder.close();
  }
  const ratio = median(ours) / median(native);
  return {
    what: '60 s attachment to 16 kHz wav, warm',
    reference: 'native ffmpeg, from standard input to standard output',
    ratio,
    goal: 'at most 1.5',
    met: ratio <= 1.5,
    details: `Ogg Opus; ${median(ours).toFixed(0)} ms; native ${median(native).toFixed(0)} ms`,
  };
}

async function nativeDecoding(file: SourceFile): Promise<number> {
  const started = performance.now();
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-i', 'pipe:0'],
      ...['-map', '0:a:0', '-ac', '1', '-ar', '16000', '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  for await (const chunk of file.read()) ffmpeg.stdin.write(chunk);
  ffmpeg.stdin.end();
  for await (const _chunk of ffmpeg.stdout) {
    // Only its end matters.
  }
  return performance.now() - started;
}

async function gapRow(voice: ClosableVoice): Promise<BenchRow> {
  const file = sourceFile(await minuteOfSound());
  const decoder = createSoundDecoder({
    ...{ mostMegabytes: 25, mostSeconds: 600, timeLimitSeconds: 60, threads: 4, mostWaiting: 8 },
  });
  const over = new AbortController();
  const conversions = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) await decoder.decode(file);
  });
  try {
    const gaps: number[] = [];
    for (let round = 0; round < GAP_ROUNDS; round += 1) gaps.push(await gapOnTheWire(voice, twoHundredWords));
    const gap = median(gaps);
    return {
      what: 'longest gap between RTP packets while four other conversions run',
      reference: '20 ms frame clock',
      ratio: gap,
      goal: 'below 60 ms',
      met: gap < 60,
      details: `ms; 200 words, through @discordjs/voice to a voice server; of each round ${gaps.map((each) => each.toFixed(0)).join(', ')}`,
    };
  } finally {
    over.abort();
    await Promise.all(conversions);
    await decoder.close();
  }
}

async function minuteOfSound(): Promise<Uint8Array> {
  const samples = Int16Array.from(
    { length: 60 * RATE },
    (_, index) => 9_000 * Math.sin(index * 0.06 * (1 + 0.2 * Math.sin(index / 9_000))),
  );
  const ffmpeg = new Ffmpeg({ threads: 1, mostWaiting: 1 });
  const { output } = await ffmpeg.run({
    inputOptions: ['-f', 'wav'],
    input: wavOf(new Uint8Array(samples.buffer), RATE),
    outputOptions: ['-ac', '1', '-c:a', 'libopus', '-b:a', '48k', '-f', 'ogg'],
    timeLimitMs: 120_000,
  });
  await ffmpeg.close();
  if (output === null) throw new Error('there is no sound to decode');
  return output;
}

function sourceFile(content: Uint8Array): SourceFile {
  return {
    path: 'voice.ogg',
    bytes: content.length,
    read: async function* () {
      yield content;
    },
  };
}

async function isInstalled(program: string): Promise<boolean> {
  const child = spawn(program, ['--version'], { stdio: 'ignore' });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.once('error', () => resolve(false));
  child.once('spawn', () => resolve(true));
  return promise;
}
