/** How a stream of bytes is cut into lines. */
export interface LineRules {
  /** A longer line is dropped, and never held as a whole. */
  readonly maxLength: number;
  /** A progress bar ends its lines with a carriage return; a file of JSON Lines never does. */
  readonly carriageReturnEnds: boolean;
}

/** Takes bytes of UTF-8 as they come and gives the lines that are whole, without what ends them. */
export class LineSplitter {
  readonly #rules: LineRules;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #open = '';
  #dropping = false;

  constructor(rules: LineRules) {
    this.#rules = rules;
  }

  /** What has come of the line that is not whole yet. */
  get open(): string {
    return this.#open;
  }

  push(bytes: Uint8Array): string[] {
    return this.#split(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What stands after the last line's end, once nothing more comes. */
  end(): string[] {
    const lines = this.#split(this.#decoder.decode());
    if (this.#open !== '') lines.push(this.#open);
    this.#open = '';
    return lines;
  }

  #split(text: string): string[] {
    const [first = '', ...others] = text.split(this.#rules.carriageReturnEnds ? /\r\n|\n|\r/ : '\n');
    const lines: string[] = [];
    this.#extend(first);
    for (const other of others) {
      if (!this.#dropping && this.#open !== '') lines.push(this.#open);
      this.#open = '';
      this.#dropping = false;
      this.#extend(other);
    }
    return lines;
  }

  #extend(text: string): void {
    if (this.#dropping) return;
    if (this.#open.length + text.length <= this.#rules.maxLength) {
      this.#open += text;
    } else {
      this.#open = '';
      this.#dropping = true;
    }
  }
}
