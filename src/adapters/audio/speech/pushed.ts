/** What is given as it comes and taken as it is needed, by one who takes it all. What is given must be bounded. */
export class Pushed<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #state: { readonly kind: 'open' | 'ended' } | { readonly kind: 'failed'; readonly error: unknown } = {
    kind: 'open',
  };
  #changed = Promise.withResolvers<void>();

  push(item: T): void {
    this.#waiting.push(item);
    this.#wake();
  }

  end(): void {
    this.#state = { kind: 'ended' };
    this.#wake();
  }

  fail(error: unknown): void {
    this.#state = { kind: 'failed', error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#state.kind === 'failed') throw this.#state.error;
      else if (this.#state.kind === 'ended') return;
      else await this.#changed.promise;
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
