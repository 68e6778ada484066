import type { DecodedSound, SoundDecoder, SourceFile } from '../../../domain/ports.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { FfmpegReply } from '../ffmpeg/protocol.ts';
import { endsWithinPage } from '../ogg/ogg-page.ts';
import { opusFile } from '../ogg/opus-file.ts';
import { Niceness } from '../thread-priority.ts';
import { ThreadRefusal } from '../thread-refusal.ts';
import { findingsIn } from './decoding-log.ts';
import { namedType } from './named-type.ts';
import { wavOf } from './wav.ts';

const RATE = 16_000;
const SAMPLE_BYTES = 2;
const MEGABYTE = 1_000_000;
/** Decoded beyond the limit, to see whether it goes on there. */
const SECONDS_BEYOND = 0.1;
/** By how much sound may be shorter than its file says: encoders round, and count their delay. */
const SHORTER_BY_SECONDS = 0.3;
const SHORTER_BY_PART = 0.01;

/** No playlist, no picture and no text: nothing that names other files, or is mistaken for sound. */
const CONTAINERS = [
  ...['aac', 'ac3', 'aiff', 'amr', 'amrnb', 'amrwb', 'ape', 'asf', 'au', 'avi', 'caf', 'eac3', 'flac', 'flv'],
  ...['matroska', 'webm', 'mov', 'mp4', 'm4a', '3gp', '3g2', 'mp3', 'mpeg', 'mpegts', 'ogg', 'tta', 'w64'],
  ...['wav', 'wv'],
];

export interface SoundDecoderOptions {
  /** Of a file that is decoded. */
  readonly mostMegabytes: number;
  /** Of sound; what goes on longer is cut. */
  readonly mostSeconds: number;
  /** How long the decoding of a file may take. */
  readonly timeLimitSeconds: number;
  /** How many files are decoded at the same time. */
  readonly threads: number;
  /** How many may wait; one more is refused. */
  readonly mostWaiting: number;
}

/** One with threads of its own. */
export interface ClosableSoundDecoder extends SoundDecoder {
  /** Ends what is being decoded, with a Refusal to whoever waits for it. */
  close(): Promise<void>;
}

export function createSoundDecoder(options: SoundDecoderOptions): ClosableSoundDecoder {
  return new FfmpegSoundDecoder(options);
}

class FfmpegSoundDecoder implements ClosableSoundDecoder {
  readonly #options: SoundDecoderOptions;
  readonly #ffmpeg: Ffmpeg;

  constructor(options: SoundDecoderOptions) {
    this.#options = options;
    this.#ffmpeg = new Ffmpeg({
      threads: options.threads,
      mostWaiting: options.mostWaiting,
      niceness: Niceness.understanding,
    });
  }

  async decode(file: SourceFile, signal?: AbortSignal): Promise<DecodedSound> {
    const content = await this.#read(file);
    const reply = await this.#convert(content, signal).catch((error) => this.#refuseSlow(file, error));
    const samples = soundIn(reply);
    refuseUnusable(file, content, reply, samples, this.#options.mostSeconds);
    return this.#decoded(samples);
  }

  async decodePackets(packets: readonly Uint8Array[], signal?: AbortSignal): Promise<DecodedSound> {
    const reply = await this.#convert(opusFile(packets), signal);
    const samples = soundIn(reply);
    if (samples.length === 0) throw new Refusal((words) => words.sound.files.nothingHeard);
    return this.#decoded(samples);
  }

  async close(): Promise<void> {
    await this.#ffmpeg.close();
  }

  /** What a file says of its size is not relied on. */
  async #read(file: SourceFile): Promise<Uint8Array<ArrayBuffer>> {
    const { mostMegabytes } = this.#options;
    const named = { file: file.path };
    const tooLarge = () =>
      new Refusal((words) => words.sound.files.tooLarge({ ...named, megabytes: mostMegabytes }));
    if (file.bytes > mostMegabytes * MEGABYTE) throw tooLarge();
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of file.read()) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > mostMegabytes * MEGABYTE) throw tooLarge();
    }
    if (bytes === 0) throw new Refusal((words) => words.sound.files.empty(named));
    return Buffer.concat(chunks);
  }

  #convert(input: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<FfmpegReply> {
    const { mostSeconds, timeLimitSeconds } = this.#options;
    return this.#ffmpeg.run({
      inputOptions: ['-format_whitelist', CONTAINERS.join(',')],
      input,
      outputOptions: [
        ...['-map', '0:a:0', '-t', String(mostSeconds + SECONDS_BEYOND), '-ac', '1', '-ar', String(RATE)],
        ...['-c:a', 'pcm_s16le', '-f', 's16le'],
      ],
      timeLimitMs: timeLimitSeconds * 1_000,
      signal,
    });
  }

  #refuseSlow(file: SourceFile, error: unknown): never {
    if (!(error instanceof ThreadRefusal) || error.end !== 'tooSlow') throw error;
    const seconds = this.#options.timeLimitSeconds;
    throw new Refusal((words) => words.sound.files.tooSlow({ file: file.path, seconds }));
  }

  #decoded(samples: Uint8Array): DecodedSound {
    const most = this.#options.mostSeconds * RATE * SAMPLE_BYTES;
    const isCut = samples.length > most;
    const kept = isCut ? samples.subarray(0, most) : samples;
    return {
      wav: wavOf(kept, RATE),
      durationMs: Math.round(secondsOf(kept) * 1_000),
      isCut,
    };
  }
}

function secondsOf(samples: Uint8Array): number {
  return samples.length / SAMPLE_BYTES / RATE;
}

/** An exit code of 0 is no promise, and another one no lack: what matters is what came out. */
function soundIn({ exitCode, output }: FfmpegReply): Uint8Array {
  return exitCode === 0 && output !== null && output.length % SAMPLE_BYTES === 0 ? output : new Uint8Array(0);
}

function refuseUnusable(
  { path: file }: SourceFile,
  content: Uint8Array,
  { log }: FfmpegReply,
  samples: Uint8Array,
  mostSeconds: number,
): void {
  const findings = findingsIn(log);
  if (!findings.isRecognised) throw notSound(file);
  if (findings.hasNoSound) throw new Refusal((words) => words.sound.files.silentVideo({ file }));
  const isShort =
    findings.duration !== null &&
    secondsOf(samples) <
      Math.min(findings.duration, mostSeconds) * (1 - SHORTER_BY_PART) - SHORTER_BY_SECONDS;
  if (samples.length > 0 && !isShort && !findings.isDamaged && !isBrokenOgg(content)) return;
  if (isEncrypted(content)) throw new Refusal((words) => words.sound.files.encrypted({ file }));
  throw new Refusal((words) => words.sound.files.cutOff({ file }));
}

function notSound(file: string): Refusal {
  const type = namedType(file);
  return new Refusal(({ sound: { files } }) =>
    type === null ? files.notSound({ file }) : files.otherThanNamed({ file, type }),
  );
}

function isBrokenOgg(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 4)).equals(Buffer.from('OggS')) && endsWithinPage(content);
}

/** How MP4 files say that their sound is encrypted (ISO/IEC 23001-7, and Apple's own way). */
function isEncrypted(content: Uint8Array): boolean {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return ['enca', 'drms'].some((mark) => bytes.includes(mark));
}
