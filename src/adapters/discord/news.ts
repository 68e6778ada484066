/** What people were told lately, so that they are not told the same with everything that is said or heard. */
export class News {
  readonly #freshMs: number;
  readonly #now: () => number;
  /** From when on each of them is news again; the oldest first. */
  readonly #told = new Map<string, number>();

  /** @param now in ms */
  constructor({ freshMs, now }: { readonly freshMs: number; readonly now: () => number }) {
    this.#freshMs = freshMs;
    this.#now = now;
  }

  /** Whether it has not been told lately; then it is told now. */
  take(what: string): boolean {
    const now = this.#now();
    for (const [known, until] of this.#told) {
      if (until > now) break;
      this.#told.delete(known);
    }
    if (this.#told.has(what)) return false;
    this.#told.set(what, now + this.#freshMs);
    return true;
  }
}
