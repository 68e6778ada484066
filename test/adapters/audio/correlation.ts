import { OpusDecoder } from 'opus-decoder';

/** The most that two sounds may be shifted against each other, in samples: codecs delay. */
const MOST_DELAY = 1_500;
const SPARSELY = 7;
const ENOUGH = 200_000;

/** How alike two sounds of the same rate are, from -1 to 1, where they are most alike within a short delay. */
export function correlation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return likenessAt(one, other, delayBetween(one, other));
}

/** Looked for with some of the samples, which are enough to tell. */
export function delayBetween(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let best = { delay: 0, likeness: -1 };
  for (let delay = -MOST_DELAY; delay <= MOST_DELAY; delay += 1) {
    const likeness = likenessAt(one, other, delay, SPARSELY, ENOUGH);
    if (likeness > best.likeness) best = { delay, likeness };
  }
  return best.delay;
}

function likenessAt(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  delay: number,
  step = 1,
  most = Infinity,
): number {
  let product = 0;
  let first = 0;
  let second = 0;
  const to = Math.min(one.length, other.length - delay, most);
  for (let index = Math.max(0, -delay); index < to; index += step) {
    const a = one[index] ?? 0;
    const b = other[index + delay] ?? 0;
    product += a * b;
    first += a * a;
    second += b * b;
  }
  return first === 0 || second === 0 ? 0 : product / Math.sqrt(first * second);
}

/** Of a WAV file as we write it. */
export function samplesOfWav(wav: Uint8Array<ArrayBuffer>): Int16Array {
  return new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.byteLength));
}

/** What is heard of packets: samples of 48 kHz, of one channel. */
export async function heard(packets: readonly Uint8Array[]): Promise<Float32Array> {
  const decoder = new OpusDecoder({ channels: 1, sampleRate: 48_000, preSkip: 0 });
  await decoder.ready;
  const { channelData, samplesDecoded } = decoder.decodeFrames([...packets]);
  decoder.free();
  const [samples = new Float32Array(0)] = channelData;
  return samples.subarray(0, samplesDecoded);
}
