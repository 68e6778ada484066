import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../../../domain/refusal.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { ThreadRefusal } from '../thread-refusal.ts';
import { inertText } from './inert-text.ts';
import type { Pcm } from './pcm.ts';
import { type ExportOutcome, exportSpeech } from './say-export.ts';
import type { SystemVoice } from './say-platforms.ts';
import type { SpeechSynthesizer } from './speech-synthesizer.ts';
import type { SpokenLanguage } from './voices.ts';

const RATE = 22_050;
const TIME_LIMIT_MS = 30_000;

/** A voice of the system, which says each sentence in a process of its own. */
export class SystemSynthesizer implements SpeechSynthesizer {
  readonly #voice: SystemVoice;
  readonly #ffmpeg: Ffmpeg;
  readonly #timeLimitMs: number;
  readonly #closing = new AbortController();

  /** @param ffmpeg reads what the programs write, and is not closed here */
  constructor(voice: SystemVoice, ffmpeg: Ffmpeg, timeLimitMs = TIME_LIMIT_MS) {
    this.#voice = voice;
    this.#ffmpeg = ffmpeg;
    this.#timeLimitMs = timeLimitMs;
  }

  async *synthesize(text: string, language: SpokenLanguage, signal?: AbortSignal): AsyncIterable<Pcm> {
    const inert = inertText(text);
    if (inert === '') return;
    const ended = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    const directory = await mkdtemp(join(tmpdir(), 'training-ledger-speech-'));
    try {
      const file = join(directory, 'speech.wav');
      await this.#write(file, inert, language, ended);
      yield { rate: RATE, samples: await this.#samplesIn(file, ended) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  /** In the voice of the language, or, where it is not installed, in the one that the system has chosen. */
  async #write(file: string, text: string, language: SpokenLanguage, signal: AbortSignal): Promise<void> {
    const voice = this.#voice.voices[language] ?? null;
    let outcome = await this.#export(file, text, voice, signal);
    if (outcome === 'failed' && voice !== null) outcome = await this.#export(file, text, null, signal);
    if (outcome !== 'written') throw this.#refusal(outcome);
  }

  #export(file: string, text: string, voice: string | null, signal: AbortSignal): Promise<ExportOutcome> {
    const platform = this.#voice.makePlatform();
    return exportSpeech({ platform, text, voice, file, timeLimitMs: this.#timeLimitMs, signal });
  }

  #refusal(outcome: Exclude<ExportOutcome, 'written'>): Refusal {
    const { program } = this.#voice;
    switch (outcome) {
      case 'missing':
        return new Refusal(({ sound }) => sound.voice.noProgram({ program }));
      case 'failed':
        return new Refusal(({ sound }) => sound.voice.failed({ program }));
      case 'too slow':
        return new ThreadRefusal('tooSlow');
      case 'cancelled':
        return new ThreadRefusal(this.#closing.signal.aborted ? 'closing' : 'cancelled');
    }
  }

  async #samplesIn(file: string, signal: AbortSignal): Promise<Pcm['samples']> {
    const { program } = this.#voice;
    const failed = () => new Refusal(({ sound }) => sound.voice.failed({ program }));
    const input = await readFile(file).catch(() => {
      throw failed();
    });
    const { exitCode, output } = await this.#ffmpeg.run({
      inputOptions: ['-format_whitelist', 'wav,aiff,caf'],
      input,
      outputOptions: ['-ac', '1', '-ar', String(RATE), '-c:a', 'pcm_s16le', '-f', 's16le'],
      timeLimitMs: this.#timeLimitMs,
      signal,
    });
    if (exitCode !== 0 || output === null || output.length === 0) throw failed();
    return new Int16Array(output.buffer);
  }
}
