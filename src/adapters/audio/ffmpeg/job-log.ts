const MOST_AT_EACH_END = 200;
const MOST_OF_A_LINE = 500;

/**
 * What ffmpeg says of one job: the first lines, where it says what was given, and the last, where it says what became
 * of it. The tags of a file are left out: people write anything into them.
 */
export class JobLog {
  readonly #first: string[] = [];
  readonly #last: string[] = [];
  /** How far the tags are indented at least, while they are listed. */
  #tagsFrom: number | null = null;

  add(line: string): void {
    if (this.#isTag(line)) return;
    const kept = line.slice(0, MOST_OF_A_LINE);
    if (this.#first.length < MOST_AT_EACH_END) {
      this.#first.push(kept);
      return;
    }
    this.#last.push(kept);
    if (this.#last.length > MOST_AT_EACH_END) this.#last.shift();
  }

  get lines(): string[] {
    return [...this.#first, ...this.#last];
  }

  /** They stand below their heading and further in, also where one has several lines. */
  #isTag(line: string): boolean {
    const indentation = line.length - line.trimStart().length;
    if (this.#tagsFrom !== null && indentation >= this.#tagsFrom) return true;
    this.#tagsFrom = line.trim() === 'Metadata:' ? indentation + 1 : null;
    return false;
  }
}
