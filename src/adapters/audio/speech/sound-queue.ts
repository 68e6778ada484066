import { joined, type Pcm } from './pcm.ts';

/** So much is made ahead of what is taken. */
const MOST_SECONDS_WAITING = 30;

interface Taken extends Pcm {
  readonly isLast: boolean;
}

type State = { readonly kind: 'open' | 'ended' } | { readonly kind: 'failed'; readonly error: unknown };

/** Sound on its way from one who makes it to one who takes as much as there is. */
export class SoundQueue {
  readonly #pieces: Pcm[] = [];
  #samples = 0;
  #state: State = { kind: 'open' };
  #changed = Promise.withResolvers<void>();

  push(sound: Pcm): void {
    this.#pieces.push(sound);
    this.#samples += sound.samples.length;
    this.#change();
  }

  /** Once there is room for more. */
  async room(): Promise<void> {
    while (this.#samples > MOST_SECONDS_WAITING * (this.#pieces[0]?.rate ?? 0)) await this.#changed.promise;
  }

  end(): void {
    this.#state = { kind: 'ended' };
    this.#change();
  }

  fail(error: unknown): void {
    this.#state = { kind: 'failed', error };
    this.#change();
  }

  /**
   * What there is, as soon as there is something; null where there was nothing before the end.
   * @param seconds of which no more than about so many
   */
  async take(seconds: number): Promise<Taken | null> {
    while (this.#pieces.length === 0 && this.#state.kind === 'open') await this.#changed.promise;
    if (this.#state.kind === 'failed') throw this.#state.error;
    const [first] = this.#pieces;
    if (first === undefined) return null;
    const taken = this.#upTo(seconds * first.rate);
    this.#samples -= taken.length;
    this.#change();
    const isLast = this.#pieces.length === 0 && this.#state.kind === 'ended';
    return { rate: first.rate, samples: taken, isLast };
  }

  /** Whole pieces, but at least one. */
  #upTo(most: number): Int16Array<ArrayBuffer> {
    let taken = new Int16Array(0);
    for (;;) {
      const [next] = this.#pieces;
      if (next === undefined || (taken.length > 0 && taken.length + next.samples.length > most)) return taken;
      taken = joined(taken, next.samples);
      this.#pieces.shift();
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
