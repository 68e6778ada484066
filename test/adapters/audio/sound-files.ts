import { Ffmpeg } from '../../../src/adapters/audio/ffmpeg/ffmpeg.ts';
import type { SourceFile } from '../../../src/domain/ports.ts';

export const TONE_RATE = 22_050;

/** How ffmpeg is told to write a file of each kind. */
export const kinds = {
  'voice.ogg': ['-c:a', 'libopus', '-f', 'ogg'],
  'vorbis.ogg': ['-c:a', 'libvorbis', '-f', 'ogg'],
  'song.mp3': ['-f', 'mp3'],
  'memo.m4a': ['-c:a', 'aac', '-movflags', '+faststart', '-f', 'mp4'],
  'plain.wav': ['-f', 'wav'],
  'browser.webm': ['-c:a', 'libopus', '-f', 'webm'],
  'lossless.flac': ['-f', 'flac'],
  'radio.aac': ['-c:a', 'aac', '-f', 'adts'],
  'windows.wma': ['-c:a', 'wmav2', '-f', 'asf'],
} as const;
export type Kind = keyof typeof kinds;

const encryption = [
  ...['-c:a', 'aac', '-encryption_scheme', 'cenc-aes-ctr'],
  ...['-encryption_key', '00112233445566778899aabbccddeeff'],
  ...['-encryption_kid', '00112233445566778899aabbccddeeff', '-f', 'mp4'],
];

/** A tone whose pitch wanders: no part of it is like another. */
export function tone(seconds: number, rate = TONE_RATE): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: seconds * rate }, (_, index) => {
    const time = index / rate;
    return 9_000 * Math.sin(2 * Math.PI * (300 * time + 90 * Math.sin(time)));
  });
}

/** Makes files with the same ffmpeg that is to read them. */
export class SoundFiles {
  readonly #ffmpeg = new Ffmpeg({ threads: 1, mostWaiting: 100 });

  make(kind: Kind, seconds = 3): Promise<Uint8Array<ArrayBuffer>> {
    return this.#make(kinds[kind], seconds);
  }

  /** A WAV file with a title. */
  titled(title: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#make(['-metadata', `title=${title}`, '-f', 'wav'], 3);
  }

  encrypted(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#make(encryption, 3);
  }

  /** A video of a few grey frames, with sound or without. */
  async video(sound: 'with sound' | 'without sound'): Promise<Uint8Array<ArrayBuffer>> {
    const frames = new Uint8Array(16 * 16 * 10).fill(128);
    const options = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', '16x16', '-r', '5'];
    const silence = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2'];
    return this.#run(sound === 'with sound' ? [...silence, ...options] : options, frames, [
      '-c:v',
      'mpeg4',
      '-f',
      'mp4',
    ]);
  }

  async close(): Promise<void> {
    await this.#ffmpeg.close();
  }

  #make(options: readonly string[], seconds: number): Promise<Uint8Array<ArrayBuffer>> {
    const input = new Uint8Array(tone(seconds).buffer);
    return this.#run(['-f', 's16le', '-ac', '1', '-ar', String(TONE_RATE)], input, options);
  }

  async #run(
    inputOptions: readonly string[],
    input: Uint8Array<ArrayBuffer>,
    outputOptions: readonly string[],
  ) {
    const { exitCode, output, log } = await this.#ffmpeg.run({
      inputOptions: [...inputOptions],
      input,
      outputOptions: [...outputOptions, '-fflags', '+bitexact'],
      timeLimitMs: 60_000,
    });
    if (exitCode !== 0 || output === null) throw new Error(`no file was made: ${log.slice(-3).join(' ')}`);
    return output;
  }
}

export function sourceFile(path: string, content: Uint8Array, bytes = content.length): SourceFile {
  return {
    path,
    bytes,
    async *read() {
      for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
    },
  };
}
