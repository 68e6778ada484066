import type { InWords } from '../../domain/refusal.ts';

/** A line as it was typed, or why it is not taken. */
export type InputLine =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: InWords };

/** Bytes of one line: enough for every text that can be kept, and a bound for memory. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * The lines of UTF-8 input, each ended by `\n` or `\r\n`, the last one also by the end. No more than one line
 * is held: one that is too long is refused as soon as that is known, and skipped up to its end.
 */
export async function* readLines(
  input: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<InputLine> {
  const held = new HeldLine(maxBytes);
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield* held.add(chunk.subarray(start, end));
      yield* held.end();
      start = end + 1;
    }
    yield* held.add(chunk.subarray(start));
  }
  if (!held.isEmpty) yield* held.end();
}

class HeldLine {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** The refusal when the line becomes too long. */
  *add(part: Uint8Array): Generator<InputLine> {
    const wasTooLong = this.#isTooLong;
    this.#bytes += part.length;
    if (!this.#isTooLong) this.#parts.push(part);
    else if (!wasTooLong) {
      this.#parts = [];
      yield tooLong(this.#maxBytes);
    }
  }

  /** The line, unless it was refused. */
  *end(): Generator<InputLine> {
    if (!this.#isTooLong) yield decode(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
  }

  get #isTooLong(): boolean {
    return this.#bytes > this.#maxBytes;
  }
}

function tooLong(maxBytes: number): InputLine {
  const mebibytes = maxBytes / 1024 / 1024;
  return { kind: 'refused', reason: (words) => words.console.lineTooLong(mebibytes) };
}

function decode(parts: readonly Uint8Array[]): InputLine {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts));
    return { kind: 'line', text: text.endsWith('\r') ? text.slice(0, -1) : text };
  } catch {
    return { kind: 'refused', reason: (words) => words.console.notUtf8 };
  }
}
