import type { SpokenPart, Voice } from '../../../../src/domain/ports.ts';

/** Full band, one channel, one frame of 20 ms. */
const TOC = 0xf8;
const BYTES = 80;

/**
 * Opus packets that are all different: to a decoder any bytes are a sound of some kind.
 * @param seed of the same packets each time
 */
export function opusPackets(count: number, seed = 1): Buffer[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return Array.from({ length: count }, () => Buffer.from([TOC, ...Array.from({ length: BYTES }, next)]));
}

/** Says each word as two packets, each sentence by itself, always the same for the same text. */
export class PacketVoice implements Voice {
  /** While it is true, nothing comes of what is asked. */
  stalls = false;
  /** How often it was made ready. */
  prepared = 0;
  readonly #fault: Error | null;

  constructor({ fault = null }: { readonly fault?: Error | null } = {}) {
    this.#fault = fault;
  }

  static packetsOf(text: string): Buffer[] {
    const words = text.match(/\p{L}+/gu) ?? [];
    return words.flatMap((word) =>
      opusPackets(
        2,
        [...word].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7),
      ),
    );
  }

  async prepare(): Promise<void> {
    this.prepared += 1;
  }

  async *speak(text: string, _language: unknown, signal?: AbortSignal): AsyncGenerator<SpokenPart> {
    if (this.#fault !== null) throw this.#fault;
    for (const sentence of text.split('.')) {
      const packets = PacketVoice.packetsOf(sentence);
      while (this.stalls && signal?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
      if (signal?.aborted === true) return;
      if (packets.length > 0) yield { packets };
    }
  }
}
