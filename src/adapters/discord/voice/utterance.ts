/** What somebody said, from the first sound to a silence. */
export interface Utterance {
  readonly scope: string;
  readonly channel: string;
  readonly member: string;
  /** Opus of 20 ms each, 48 kHz, as they came; pauses within are filled with silence. */
  readonly packets: readonly Uint8Array[];
  /** Whether they went on after the limit; what follows is another utterance. */
  readonly isCut: boolean;
}

export interface UtteranceLimits {
  /** The silence after which it has ended, in ms. */
  readonly silenceMs: number;
  /** Shorter than this it is a noise, in ms of sound. */
  readonly shortestMs: number;
  /** After which it is cut, in ms. */
  readonly longestMs: number;
}

export const usualUtteranceLimits: UtteranceLimits = {
  silenceMs: 800,
  shortestMs: 200,
  longestMs: 60_000,
};

const FRAME_MS = 20;
/** In frames: a packet may come late, and more is a pause. */
const LATE = 5;
/** What every client sends when it falls silent. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);

/** Gathers the packets of one utterance. */
export class GatheredSpeech {
  readonly #packets: Uint8Array[] = [];
  #soundful = 0;
  #lastAt: number | null = null;

  /** Whether it is more than silence. @param at in ms */
  add(packet: Buffer, at: number): boolean {
    if (this.#lastAt !== null) {
      const missed = Math.floor((at - this.#lastAt) / FRAME_MS) - 1;
      if (missed > LATE) for (let frame = 0; frame < missed; frame++) this.#packets.push(SILENCE);
    }
    this.#lastAt = at;
    this.#packets.push(packet);
    const isSound = !packet.equals(SILENCE);
    if (isSound) this.#soundful += 1;
    return isSound;
  }

  get soundMs(): number {
    return this.#soundful * FRAME_MS;
  }

  get durationMs(): number {
    return this.#packets.length * FRAME_MS;
  }

  get packets(): readonly Uint8Array[] {
    const last = this.#packets.findLastIndex(
      (packet) => packet.length !== SILENCE.length || !SILENCE.equals(packet),
    );
    return this.#packets.slice(0, last + 1);
  }
}
