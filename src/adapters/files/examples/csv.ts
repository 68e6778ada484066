import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { ReadExample } from '../../../domain/ports.ts';
import type { InWords } from '../../../domain/refusal.ts';
import { isBlank } from './blank.ts';
import type { ExampleFormat, Outcome } from './example-format.ts';
import { GatheredBytes } from './gathered-bytes.ts';
import { exampleFromJson } from './json-example.ts';
import { unusableText } from './json-text.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const LINE_END = Buffer.of(LINE_FEED);

interface CsvRecord {
  /** Where it begins. */
  readonly line: number;
  /** Null where there are too many. */
  readonly bytes: Buffer | null;
  readonly fields: number;
}

interface CsvHeader {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

const recordTooLong: InWords = ({ examples }) => examples.csv.recordTooLong;
const notARecord: InWords = ({ examples }) => examples.csv.notARecord;
/** A hundred thousand small texts take a hundred times the memory that they take in the file. */
const MAX_FIELDS = 1_000;
const tooManyFields: InWords = ({ examples }) => examples.csv.tooManyFields(MAX_FIELDS);

const DELIMITERS = [',', ';', '\t'];

/** A header as it names the two columns, whatever separates them; nothing where it does not. */
export function csvHeader(line: Buffer): CsvHeader | undefined {
  for (const delimiter of DELIMITERS) {
    const columns = columnsOf(withoutReturn(line), delimiter);
    if (columns?.includes('prompt') && columns.includes('completion')) return { delimiter, columns };
  }
  return undefined;
}

/** Records of text below a header that names `prompt` and `completion`. A record may run over several lines. */
export class Csv implements ExampleFormat {
  readonly #records: RecordSplitter;
  #header: CsvHeader | undefined;
  #ended = false;

  /** @param firstLine the number of the line that the first bytes, those of the header, are on */
  constructor(firstLine: number, delimiter = ',') {
    this.#records = new RecordSplitter(firstLine, delimiter);
  }

  get ended(): boolean {
    return this.#ended;
  }

  *take(piece: Buffer): Generator<ReadExample> {
    yield* this.#read(this.#records.take(piece));
  }

  *end(): Generator<ReadExample> {
    yield* this.#read(this.#records.end());
  }

  *#read(records: readonly CsvRecord[]): Generator<ReadExample> {
    if (this.#ended) return;
    const [first] = records;
    if (this.#header !== undefined || first === undefined) {
      yield* this.#readBelow(records);
      return;
    }
    const problem = this.#readHeader(first);
    if (problem === undefined) {
      yield* this.#readBelow(records.slice(1));
    } else {
      this.#ended = true;
      yield { line: first.line, reason: problem };
    }
  }

  #readHeader({ bytes, fields }: CsvRecord): InWords | undefined {
    if (bytes === null) return recordTooLong;
    if (fields > MAX_FIELDS) return tooManyFields;
    const unusable = unusableText(bytes);
    if (unusable !== undefined) return unusable;
    this.#header = csvHeader(bytes);
    return this.#header === undefined
      ? ({ examples }) => examples.csv.header
      : nameTwice(this.#header.columns);
  }

  *#readBelow(records: readonly CsvRecord[]): Generator<ReadExample> {
    if (this.#header === undefined) return;
    const { columns, delimiter } = this.#header;
    const rows = parseRecords(records, delimiter);
    for (const [index, { line }] of records.entries()) {
      const row = rows[index] ?? notARecord;
      yield { line, ...(typeof row === 'function' ? { reason: row } : exampleOf(row, columns)) };
    }
  }
}

function nameTwice(columns: readonly string[]): InWords | undefined {
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index);
  return twice === undefined ? undefined : ({ examples }) => examples.csv.columnTwice(twice);
}

function exampleOf(row: readonly string[], columns: readonly string[]): Outcome {
  if (row.length !== columns.length) return { reason: otherFields(row.length, columns.length) };
  const prompt = row[columns.indexOf('prompt')];
  const completion = row[columns.indexOf('completion')];
  return exampleFromJson({ prompt, completion });
}

function otherFields(fields: number, header: number): InWords {
  return ({ examples }) => examples.csv.otherFields({ fields, header });
}

/** The fields of a record, or why there are none. */
type Row = readonly string[] | InWords;

/** Many in one call are ten times as fast; where one of them is bad, halves are tried until it is found. */
function parseRecords(records: readonly CsvRecord[], delimiter: string): readonly Row[] {
  const [first] = records;
  if (first === undefined) return [];
  if (records.length === 1) return [parseRecord(first, delimiter)];
  return (
    parseTogether(records, delimiter) ?? halves(records).flatMap((half) => parseRecords(half, delimiter))
  );
}

function halves(records: readonly CsvRecord[]): readonly (readonly CsvRecord[])[] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
}

/** Nothing where one of the records is bad. */
function parseTogether(records: readonly CsvRecord[], delimiter: string): readonly Row[] | undefined {
  const texts: Buffer[] = [];
  for (const { bytes, fields } of records) {
    if (bytes === null || fields > MAX_FIELDS) return undefined;
    texts.push(bytes, LINE_END);
  }
  const text = Buffer.concat(texts);
  if (unusableText(text) !== undefined) return undefined;
  const rows = parseRows(text, delimiter);
  return typeof rows === 'function' || rows.length !== records.length ? undefined : rows;
}

function parseRecord({ bytes, fields }: CsvRecord, delimiter: string): Row {
  if (bytes === null) return recordTooLong;
  if (fields > MAX_FIELDS) return tooManyFields;
  const rows = unusableText(bytes) ?? parseRows(bytes, delimiter);
  if (typeof rows === 'function') return rows;
  const [row] = rows;
  return row === undefined || rows.length > 1 ? notARecord : row;
}

function parseRows(text: Buffer, delimiter: string): string[][] | InWords {
  try {
    return parse(text, { delimiter, record_delimiter: ['\r\n', '\n'], relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) return complaintOf(error.code);
    throw error;
  }
}

function complaintOf(code: CsvError['code']): InWords {
  switch (code) {
    case 'INVALID_OPENING_QUOTE':
      return ({ examples }) => examples.csv.quoteWithin;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return ({ examples }) => examples.csv.afterQuote;
    case 'CSV_QUOTE_NOT_CLOSED':
      return ({ examples }) => examples.csv.quoteOpen;
    default:
      return notARecord;
  }
}

function columnsOf(line: Buffer, delimiter: string): string[] | undefined {
  if (unusableText(line) !== undefined) return undefined;
  const rows = parseRows(line, delimiter);
  if (typeof rows === 'function' || rows.length !== 1) return undefined;
  return rows[0]?.map((name) => name.trim().toLowerCase());
}

type SplitterState = 'at field' | 'in field' | 'in quotes' | 'after quote';

/** Finds where records end, which a line feed within quotes does not; what they hold is for the library to say. */
class RecordSplitter {
  readonly #delimiter: number;
  readonly #gathered = new GatheredBytes();
  #line: number;
  #startLine: number;
  #state: SplitterState = 'at field';
  #fields = 1;

  constructor(firstLine: number, delimiter: string) {
    this.#line = firstLine;
    this.#startLine = firstLine;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  take(piece: Buffer): CsvRecord[] {
    const records: CsvRecord[] = [];
    let from = 0;
    for (let index = 0; index < piece.length; index++) {
      const byte = piece[index] ?? 0;
      if (byte === LINE_FEED) this.#line++;
      if (byte === LINE_FEED && this.#state !== 'in quotes') {
        this.#gathered.add(piece.subarray(from, index));
        records.push(...this.end());
        from = index + 1;
      } else {
        this.#state = this.#after(byte);
        if (this.#state === 'at field') this.#fields++;
      }
    }
    if (from < piece.length) this.#gathered.add(piece.subarray(from));
    return records;
  }

  end(): CsvRecord[] {
    const line = this.#startLine;
    const fields = this.#fields;
    const gathered = this.#gathered.take();
    const bytes = gathered === null ? null : withoutReturn(gathered);
    this.#startLine = this.#line;
    this.#state = 'at field';
    this.#fields = 1;
    return bytes !== null && isBlank(bytes) ? [] : [{ line, bytes, fields }];
  }

  #after(byte: number): SplitterState {
    if (this.#state === 'in quotes') return byte === QUOTE ? 'after quote' : 'in quotes';
    if (byte === QUOTE && this.#state !== 'in field') return 'in quotes';
    return byte === this.#delimiter ? 'at field' : 'in field';
  }
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
