import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { FfmpegReply } from '../ffmpeg/protocol.ts';
import { oggPackets } from '../ogg/ogg-packets.ts';
import { ThreadRefusal } from '../thread-refusal.ts';
import { joined, type Pcm } from './pcm.ts';

const FRAMES_A_SECOND = 50;
/** What comes before is given to the encoder again, so that it hears no beginning where there is none. */
const FRAMES_HEARD_AGAIN = 5;
const TIME_LIMIT_MS = 30_000;

const OUTPUT_OPTIONS = [
  ...['-ac', '1', '-ar', '48000', '-c:a', 'libopus'],
  ...['-application', 'lowdelay', '-compression_level', '5', '-b:a', '64k', '-frame_duration', '20'],
  // A page for each packet: none is continued in another page.
  ...['-page_duration', '20000', '-f', 'ogg'],
];

/** Makes one stream of packets of sound that comes in parts; where the parts join cannot be heard. */
export class OpusStream {
  readonly #ffmpeg: Ffmpeg;
  readonly #rate: number;
  readonly #frame: number;
  #heard = new Int16Array(0);
  /** Less than what makes a packet. */
  #rest = new Int16Array(0);

  /** @param rate of all parts: samples a second */
  constructor(ffmpeg: Ffmpeg, rate: number) {
    if (rate % FRAMES_A_SECOND !== 0)
      throw new RangeError(`20 ms are no whole number of samples at ${rate} Hz`);
    this.#ffmpeg = ffmpeg;
    this.#rate = rate;
    this.#frame = rate / FRAMES_A_SECOND;
  }

  /** The packets that the sound so far makes, each 20 ms. What makes no whole packet waits for what follows. */
  async encode(samples: Pcm['samples'], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    const sound = joined(this.#rest, samples);
    const packets = Math.floor(sound.length / this.#frame);
    const whole = sound.slice(0, packets * this.#frame);
    this.#rest = sound.slice(whole.length);
    return packets === 0 ? [] : this.#encodeWhole(whole, signal);
  }

  /** The last of the sound, ended with silence, so that nothing of it is lost in the delay of the encoder. */
  async end(samples: Pcm['samples'], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    const length = this.#rest.length + samples.length;
    const whole = (Math.ceil(length / this.#frame) + 1) * this.#frame;
    return this.encode(joined(samples, new Int16Array(whole - length)), signal);
  }

  async #encodeWhole(whole: Int16Array<ArrayBuffer>, signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    const heardBefore = this.#heard.length / this.#frame;
    const input = joined(this.#heard, whole);
    this.#heard = input.slice(-FRAMES_HEARD_AGAIN * this.#frame);
    const reply = await this.#ffmpeg.run({
      inputOptions: ['-f', 's16le', '-ac', '1', '-ar', String(this.#rate)],
      input: new Uint8Array(input.buffer),
      outputOptions: OUTPUT_OPTIONS,
      timeLimitMs: TIME_LIMIT_MS,
      signal,
    });
    const packets = await packetsOf(reply);
    const frames = input.length / this.#frame;
    // The encoder may need one more for what it has not given yet; that is in the next part.
    if (packets.length < frames || packets.length > frames + 1) {
      throw new ThreadRefusal('broken', new Error(`${frames} frames became ${packets.length} packets`));
    }
    return packets.slice(heardBefore, frames);
  }
}

async function packetsOf({ exitCode, output, log }: FfmpegReply): Promise<readonly Uint8Array[]> {
  if (exitCode !== 0 || output === null) throw new ThreadRefusal('broken', new Error(log.at(-1)));
  return oggPackets(output);
}
