import type { DecodedSound, SoundDecoder, SourceFile, Speech, Transcriber } from '../../src/domain/ports.ts';
import { Refusal } from '../../src/domain/refusal.ts';

const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
/** Less than this is a noise, in packets. */
const FEWEST = 12;

/** What is said aloud, as it is sent: a piece of the text a packet. */
export function spokenText(text: string): Uint8Array[] {
  const bytes = Buffer.from(text);
  const size = Math.ceil(bytes.length / FEWEST);
  return Array.from({ length: FEWEST }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  ).filter(({ length }) => length > 0);
}

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
    return this.#sound(
      packets.filter((packet) => !SILENCE.equals(packet)),
      'a channel',
    );
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
