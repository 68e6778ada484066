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
/** More than this between two packets is a pause. */
const PAUSE_MS = 100;
/** What every client sends when it falls silent. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);

interface Arrival {
  readonly packet: Uint8Array;
  /** In ms. */
  readonly at: number;
  readonly isSound: boolean;
}

/** Gathers the packets of one utterance. */
export class GatheredSpeech {
  readonly #arrivals: Arrival[] = [];

  /** Whether it is more than silence. @param at in ms */
  add(packet: Buffer, at: number): boolean {
    const isSound = !packet.equals(SILENCE);
    this.#arrivals.push({ packet, at, isSound });
    return isSound;
  }

  get count(): number {
    return this.#arrivals.length;
  }

  get soundMs(): number {
    return this.#arrivals.filter(({ isSound }) => isSound).length * FRAME_MS;
  }

  get durationMs(): number {
    const elapsed = (this.#arrivals.at(-1)?.at ?? 0) - (this.#arrivals[0]?.at ?? 0);
    return Math.max(elapsed, this.#arrivals.length * FRAME_MS);
  }

  /** Up to the last sound, pauses within filled with silence. */
  get packets(): readonly Uint8Array[] {
    const last = this.#arrivals.findLastIndex(({ isSound }) => isSound);
    const spoken = this.#arrivals.slice(0, last + 1);
    const sentAt = latestSendings(spoken);
    return spoken.flatMap(({ packet }, index) => {
      const pause = (sentAt[index] ?? 0) - (sentAt[index - 1] ?? sentAt[index] ?? 0);
      const missing = pause > PAUSE_MS ? Math.floor(pause / FRAME_MS) - 1 : 0;
      return [...Array.from({ length: missing }, () => SILENCE), packet];
    });
  }
}

/**
 * When each packet was sent at the latest, in ms: not after it came, and one frame before the next. So those that
 * were held up on the way and come all at once are told from a pause.
 */
function latestSendings(arrivals: readonly Arrival[]): readonly number[] {
  let next = Number.POSITIVE_INFINITY;
  return arrivals
    .toReversed()
    .map(({ at }) => {
      next = Math.min(at, next - FRAME_MS);
      return next;
    })
    .toReversed();
}
