import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Ledger, LedgerError, MAX_EVENT_BYTES } from '../../domain/ledger.ts';
import { Refusal } from '../../domain/refusal.ts';
import { BadLine, exportedLine, parseExportedLine } from './exported-line.ts';
import { linesOf } from './lines.ts';
import { moveLedger, removeLedger, syncDirectory } from './sqlite/new-ledger.ts';
import { openSqliteLedger } from './sqlite.ts';

/** No line that was exported is longer. */
const MAX_LINE_BYTES = MAX_EVENT_BYTES + 64 * 1024;
const CHUNK_CHARACTERS = 64 * 1024;
const APPENDS_UNDER_WAY = 1_000;
const CHARACTERS_UNDER_WAY = 8 * 1024 * 1024;

export interface Transferred {
  readonly events: number;
}

/** JSON Lines: an event of the ledger in RFC 8785 canonical JSON and one line feed, in the ledger's order. */
export async function* exportLedger(ledger: Ledger): AsyncGenerator<string, void> {
  for await (const event of ledger.readAll()) yield `${exportedLine(event)}\n`;
}

/**
 * Writes an export. It appears under its name when it is complete and on the disk; what stood there is replaced.
 * @throws Refusal where the file cannot be written, LedgerError where the ledger cannot be read
 */
export async function exportLedgerToFile(ledger: Ledger, file: string): Promise<Transferred> {
  const path = resolve(file);
  const draft = `${path}.part`;
  let events = 0;
  async function* chunks() {
    let chunk = '';
    for await (const line of exportLedger(ledger)) {
      events++;
      chunk += line;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }
  try {
    await pipeline(chunks, createWriteStream(draft, { flush: true }));
    await rename(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    await rm(draft, { force: true });
    throw refusalOf(error, `${path} cannot be written`);
  }
  return { events };
}

/**
 * Makes a ledger from an export: the same events in the same order, at the same positions. It appears under its name
 * when all of it is there.
 * @param ledgerFile where the ledger is to stand: there is no file, or a ledger without events that nobody has open
 * @throws Refusal where there are events already, or naming the first line that is not as it was exported
 */
export async function importLedgerFromFile(ledgerFile: string, file: string): Promise<Transferred> {
  const path = resolve(file);
  try {
    return await importLedger(ledgerFile, linesOf(read(path), MAX_LINE_BYTES));
  } catch (error) {
    if (!(error instanceof BadLine)) throw refusalOf(error, `${path} cannot be read`);
    throw new Refusal(
      `${path} cannot be imported, and nothing was: line ${error.line} is bad (${error.problem}); export the ledger again.`,
    );
  }
}

/** Opened when it is read, so that there is someone to tell where it cannot be. */
async function* read(path: string): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path);
}

/**
 * As `importLedgerFromFile`, from lines without their line feeds.
 * @throws BadLine, Refusal where there are events already, LedgerError where the ledger cannot be written
 */
export async function importLedger(ledgerFile: string, lines: AsyncIterable<string>): Promise<Transferred> {
  const path = resolve(ledgerFile);
  await checkEmpty(path);
  const draft = `${path}.import`;
  removeLedger(draft);
  try {
    const ledger = await openSqliteLedger({ file: draft });
    const events = await appendLines(ledger, lines).finally(() => ledger.close());
    moveLedger(draft, path);
    return { events };
  } finally {
    removeLedger(draft);
  }
}

async function checkEmpty(file: string): Promise<void> {
  if (!(await exists(file))) return;
  const ledger = await openSqliteLedger({ file });
  const head = await ledger.head().finally(() => ledger.close());
  if (head === null) return;
  throw new Refusal(`${file} already holds ${head} events; import into a data directory without a ledger.`);
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** @returns how many there were */
async function appendLines(ledger: Ledger, lines: AsyncIterable<string>): Promise<number> {
  const failures: unknown[] = [];
  let underWay: Promise<void>[] = [];
  let characters = 0;
  let line = 0;
  const finish = async () => {
    await Promise.all(underWay);
    if (failures.length > 0) throw firstOf(failures);
    underWay = [];
    characters = 0;
  };
  for await (const text of lines) {
    line++;
    characters += text.length;
    underWay.push(appendLine(ledger, text, line).catch((error) => void failures.push(error)));
    if (underWay.length >= APPENDS_UNDER_WAY || characters >= CHARACTERS_UNDER_WAY) await finish();
  }
  await finish();
  return line;
}

/** In which order they came to light says nothing. */
function firstOf(failures: readonly unknown[]): unknown {
  const [first] = failures.filter((failure) => failure instanceof BadLine).sort((a, b) => a.line - b.line);
  return first ?? failures[0];
}

async function appendLine(ledger: Ledger, text: string, line: number): Promise<void> {
  const { stream, revision, ...event } = parseExportedLine(text, line);
  try {
    const { position } = await ledger.append(stream, revision === 0 ? 'no_stream' : revision - 1, [
      { id: event.id, type: event.type, data: event.data, metadata: event.metadata },
    ]);
    // The ledger takes the same event a second time for a repetition.
    if (position !== String(line)) throw new BadLine(line, 'it repeats an earlier line');
  } catch (error) {
    throw badLineOf(error, line);
  }
}

function badLineOf(error: unknown, line: number): unknown {
  if (error instanceof TypeError) return new BadLine(line, error.message);
  if (!(error instanceof LedgerError) || error.fault.kind === 'unavailable') return error;
  return new BadLine(line, error.fault.kind === 'conflict' ? `${error.message} before it` : error.message);
}

function refusalOf(error: unknown, problem: string): unknown {
  const isFromSystem = error instanceof Error && 'syscall' in error;
  return isFromSystem
    ? new Refusal(`${problem} (${error.message}); choose another file or free some space.`)
    : error;
}
