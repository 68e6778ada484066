/** The newest acknowledged event of an open ledger: how far it may be read, and whom to wake when it moves on. */
export class LiveHead {
  readonly #waiting = new Set<() => void>();
  #position = 0;

  /** 0 where there is no event. */
  get position(): number {
    return this.#position;
  }

  moveTo(position: number): void {
    if (position === this.#position) return;
    this.#position = position;
    this.wakeAll();
  }

  wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when it moves, when everyone is woken, or when the signal fires. */
  async moved(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    this.#waiting.add(wake);
    signal?.addEventListener('abort', wake);
    try {
      await promise;
    } finally {
      this.#waiting.delete(wake);
      signal?.removeEventListener('abort', wake);
    }
  }
}
