import type { DropReason, SpokenReply, VoiceCause } from '../../../domain/voice.ts';
import type { Interruption, Spoken } from './speaker.ts';

/** A reply that waits to be heard in a channel. */
export interface Turn {
  readonly reply: SpokenReply;
  readonly channel: string;
  readonly by: VoiceCause;
}

export interface ReplyQueueOptions {
  /** How many may wait. */
  readonly limit: number;
  /** Resolves when it is heard, or when the signal has fired with an Interruption. */
  readonly speak: (turn: Turn, signal: AbortSignal) => Promise<Spoken>;
  readonly onQueued: (turn: Turn) => void;
  readonly onEnded: (turn: Turn, spoken: Spoken) => void;
}

/** The replies of one guild, one after the other. */
export class ReplyQueue {
  readonly #options: ReplyQueueOptions;
  #waiting: readonly Turn[] = [];
  #current: AbortController | null = null;
  #working: Promise<void> = Promise.resolve();

  constructor(options: ReplyQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#current === null && this.#waiting.length === 0;
  }

  add(turn: Turn): void {
    if (this.#waiting.length >= this.#options.limit) {
      this.#options.onEnded(turn, { kind: 'dropped', reason: 'queue_full' });
      return;
    }
    this.#options.onQueued(turn);
    this.#waiting = [...this.#waiting, turn];
    if (this.#current === null) this.#working = this.#work();
  }

  /** False where nothing is spoken. */
  skip(): boolean {
    return this.#interrupt('skipped');
  }

  /** Ends what is spoken, and drops what waits. How many replies that were. */
  clear(reason: DropReason): number {
    const dropped = this.#waiting;
    this.#waiting = [];
    const current = this.#interrupt(reason) ? 1 : 0;
    for (const turn of dropped) this.#options.onEnded(turn, { kind: 'dropped', reason });
    return current + dropped.length;
  }

  /** Resolves when nothing waits and nothing is spoken. */
  settled(): Promise<void> {
    return this.#working;
  }

  #interrupt(interruption: Interruption): boolean {
    if (this.#current === null || this.#current.signal.aborted) return false;
    this.#current.abort(interruption);
    return true;
  }

  async #work(): Promise<void> {
    for (;;) {
      const [turn, ...others] = this.#waiting;
      if (turn === undefined) return;
      this.#waiting = others;
      this.#current = new AbortController();
      const spoken = await this.#options.speak(turn, this.#current.signal);
      this.#current = null;
      this.#options.onEnded(turn, spoken);
    }
  }
}
