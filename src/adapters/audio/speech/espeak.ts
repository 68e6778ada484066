import { JobThreads } from '../job-threads.ts';
import { ThreadRefusal } from '../thread-refusal.ts';
import { workerFile } from '../worker-file.ts';
import { EspeakReply, type EspeakRequest } from './espeak-protocol.ts';
import { inertSsml } from './inert-text.ts';
import type { Pcm } from './pcm.ts';
import { Pushed } from './pushed.ts';
import type { SpeechSynthesizer } from './speech-synthesizer.ts';
import { espeakVoices, type SpokenLanguage } from './voices.ts';

const TIME_LIMIT_MS = 20_000;
const MOST_WAITING = 64;

/** eSpeak NG as WASM, in a thread of its own, which says one sentence after the other. */
export class EspeakSynthesizer implements SpeechSynthesizer {
  readonly #thread = new JobThreads({
    file: workerFile('speech/espeak-worker'),
    threads: 1,
    mostWaiting: MOST_WAITING,
  });
  #requests = 0;

  synthesize(text: string, language: SpokenLanguage, signal?: AbortSignal): AsyncIterable<Pcm> {
    this.#requests += 1;
    const request: EspeakRequest = {
      id: this.#requests,
      ssml: inertSsml(text),
      voice: espeakVoices[language],
    };
    const sound = new Pushed<Pcm>();
    const said = this.#thread.run({
      request,
      timeLimitMs: TIME_LIMIT_MS,
      signal,
      onMessage: (message) => takeReply(EspeakReply.parse(message), sound),
    });
    said.then(
      () => sound.end(),
      (error) => sound.fail(error),
    );
    return sound;
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}

function takeReply(reply: EspeakReply, sound: Pushed<Pcm>): boolean {
  if (reply.kind === 'failed') throw new ThreadRefusal('broken', new Error(reply.reason));
  if (reply.kind === 'sound') sound.push({ rate: reply.rate, samples: reply.samples });
  return reply.kind === 'said';
}
