import type { DecodedSound, SoundDecoder, SourceFile, Speech, Transcriber } from '../../src/domain/ports.ts';
import { Refusal } from '../../src/domain/refusal.ts';

/** Files and packets whose sound is text, a millisecond a byte; what is heard in them is that text. */
export class TextAsSound implements SoundDecoder, Transcriber {
  readonly heard: string[] = [];
  /** Thrown in place of what is next to be heard. */
  failure: unknown = null;
  readonly #limitMs: number;

  constructor({ limitMs = Number.POSITIVE_INFINITY } = {}) {
    this.#limitMs = limitMs;
  }

  async decode(file: SourceFile): Promise<DecodedSound> {
    const pieces: Uint8Array[] = [];
    for await (const piece of file.read()) pieces.push(piece);
    return this.#sound(pieces, file.path);
  }

  async decodePackets(packets: readonly Uint8Array[]): Promise<DecodedSound> {
    return this.#sound(packets, 'a channel');
  }

  async transcribe({ content }: Speech): Promise<string> {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    const text = new TextDecoder().decode(content);
    this.heard.push(text);
    return text;
  }

  #sound(pieces: readonly Uint8Array[], path: string): DecodedSound {
    const all = new Uint8Array(Buffer.concat(pieces));
    if (all.length === 0) throw new Refusal(`${path} is empty; send another file.`);
    const wav = all.slice(0, Math.min(all.length, this.#limitMs));
    return { wav, durationMs: wav.length, isCut: wav.length < all.length };
  }
}
