import type { ReadExample } from '../../../domain/ports.ts';
import type { InWords } from '../../../domain/refusal.ts';
import { isBlank, isSpace } from './blank.ts';
import { Csv, csvHeader } from './csv.ts';
import type { ExampleFormat } from './example-format.ts';
import { JsonArray } from './json-array.ts';
import { JsonLines } from './json-lines.ts';

/** No header is longer, nor is there a need to see more. */
const MAX_HEAD_BYTES = 65_536;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** The format that a file begins like, or where that leaves a doubt, the one that its name ends like. */
export class AnyFormat implements ExampleFormat {
  readonly #isNamedCsv: boolean;
  /** From the start of the first line that is not blank. */
  #head = Buffer.alloc(0);
  #line = 1;
  #isMarkRead = false;
  #format: ExampleFormat | undefined;
  #isForeign = false;

  constructor(path: string) {
    this.#isNamedCsv = path.toLowerCase().endsWith('.csv');
  }

  get ended(): boolean {
    return this.#isForeign || this.#format?.ended === true;
  }

  *take(piece: Buffer): Generator<ReadExample> {
    if (this.#format === undefined) {
      this.#head = Buffer.concat([this.#head, piece]);
      if (this.#head.length >= BYTE_ORDER_MARK.length) yield* this.#begin(false);
    } else {
      yield* this.#format.take(piece);
    }
  }

  *end(): Generator<ReadExample> {
    if (this.#format === undefined) yield* this.#begin(true);
    if (this.#format !== undefined) yield* this.#format.end();
  }

  *#begin(isWhole: boolean): Generator<ReadExample> {
    const foreign = this.#readMark();
    if (foreign !== undefined) {
      this.#isForeign = true;
      yield { line: 1, reason: foreign };
      return;
    }
    this.#dropBlankLines();
    this.#format = this.#detect(isWhole);
    if (this.#format === undefined) return;
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    yield* this.#format.take(head);
  }

  #detect(isWhole: boolean): ExampleFormat | undefined {
    const first = this.#head.find((byte) => !isSpace(byte));
    if (first === 0x7b) return new JsonLines(this.#line);
    if (first === 0x5b) return new JsonArray(this.#line);
    const end = this.#head.indexOf(LINE_FEED);
    if (end === -1 && !isWhole && this.#head.length < MAX_HEAD_BYTES) return undefined;
    const header = csvHeader(this.#head.subarray(0, end === -1 ? MAX_HEAD_BYTES : end));
    const isCsv = header !== undefined || this.#isNamedCsv;
    return isCsv ? new Csv(this.#line, header?.delimiter) : new JsonLines(this.#line);
  }

  /** Why the file is none of ours at all. */
  #readMark(): InWords | undefined {
    if (this.#isMarkRead) return undefined;
    this.#isMarkRead = true;
    const isMarked = this.#head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    if (isMarked) this.#head = this.#head.subarray(BYTE_ORDER_MARK.length);
    return foreignFile(this.#head);
  }

  #dropBlankLines(): void {
    for (;;) {
      const end = this.#head.indexOf(LINE_FEED);
      if (end === -1 || !isBlank(this.#head.subarray(0, end))) return;
      this.#head = this.#head.subarray(end + 1);
      this.#line++;
    }
  }
}

/** Files that people mistake for text, or save instead of it. */
function foreignFile(head: Buffer): InWords | undefined {
  const start = head.toString('latin1', 0, 4);
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) {
    return ({ examples }) => examples.foreign.utf16;
  }
  if (start === 'PK\x03\x04') return ({ examples }) => examples.foreign.zip;
  return start.startsWith('\x1f\x8b') ? ({ examples }) => examples.foreign.compressed : undefined;
}
