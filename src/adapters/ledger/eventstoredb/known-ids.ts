/** Of all streams together; one id takes about 100 bytes. */
const MAX_IDS = 200_000;

interface KnownStream {
  /** Everything up to this revision is known, and perhaps more. */
  through: number;
  /** Revisions by event id. */
  readonly revisions: Map<string, number>;
}

/**
 * Which events stand in the streams that were used lately. At an exact revision that is the end of its stream, the
 * server takes an event whose id stands further back a second time; we must not.
 */
export class KnownIds {
  /** The one that was used last stands last. */
  readonly #streams = new Map<string, KnownStream>();
  #count = 0;

  /** The revision up to which everything in the stream is known, -1 where nothing is. */
  knownThrough(stream: string): number {
    return this.#streams.get(stream)?.through ?? -1;
  }

  revisionOf(stream: string, id: string): number | undefined {
    return this.#streams.get(stream)?.revisions.get(id);
  }

  /** @param after everything up to this revision has been read before, or stands in the stream no more */
  add(stream: string, after: number, revision: number, id: string): void {
    const known = this.#streams.get(stream) ?? { through: -1, revisions: new Map<string, number>() };
    if (after > known.through) return;
    this.#streams.delete(stream);
    this.#streams.set(stream, known);
    if (!known.revisions.has(id)) this.#count++;
    known.revisions.set(id, revision);
    known.through = Math.max(known.through, revision);
    if (this.#count > MAX_IDS) this.#forgetOldest();
  }

  /** However long the one in use is, it stays. */
  #forgetOldest(): void {
    for (const [name, { revisions }] of this.#streams) {
      if (this.#count <= MAX_IDS || this.#streams.size === 1) return;
      this.#streams.delete(name);
      this.#count -= revisions.size;
    }
  }
}
