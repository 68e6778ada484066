import type { ReadExample } from '../../../domain/ports.ts';
import { isBlank, isSpace } from './blank.ts';
import type { ExampleFormat, Outcome } from './example-format.ts';
import { GatheredBytes, tooLong } from './gathered-bytes.ts';
import { exampleFromJson } from './json-example.ts';
import { parseJson, unusableText } from './json-text.ts';

const LINE_FEED = 0x0a;
const OPENING_BRACE = 0x7b;

/** A JSON value on each line. */
export class JsonLines implements ExampleFormat {
  readonly ended = false;
  readonly #gathered = new GatheredBytes();
  #line: number;

  /** @param firstLine the number of the line that the first bytes are on */
  constructor(firstLine: number) {
    this.#line = firstLine;
  }

  *take(piece: Buffer): Generator<ReadExample> {
    let start = 0;
    for (;;) {
      const end = piece.indexOf(LINE_FEED, start);
      if (end === -1) break;
      this.#gathered.add(piece.subarray(start, end));
      yield* this.end();
      this.#line++;
      start = end + 1;
    }
    if (start < piece.length) this.#gathered.add(piece.subarray(start));
  }

  *end(): Generator<ReadExample> {
    const bytes = this.#gathered.take();
    if (bytes === null) yield { line: this.#line, reason: tooLong };
    else if (!isBlank(bytes)) yield { line: this.#line, ...exampleOfLine(bytes) };
  }
}

function exampleOfLine(bytes: Buffer): Outcome {
  // Most lines of a file that is something else end here, hundreds of times as fast as by an error.
  if (bytes[0] !== OPENING_BRACE && bytes.find((byte) => !isSpace(byte)) !== OPENING_BRACE) {
    return { reason: unusableText(bytes) ?? (({ examples }) => examples.notAnObject) };
  }
  const json = parseJson(bytes);
  switch (json.kind) {
    case 'value':
      return exampleFromJson(json.value);
    case 'unusable':
      return { reason: json.reason };
    case 'malformed': {
      const { column, reason } = json;
      return { reason: (words) => words.examples.json.inLine({ column, what: reason(words) }) };
    }
  }
}
