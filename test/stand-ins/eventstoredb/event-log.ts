import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';

/** Where a record stands in the log: in bytes, from 0. A transaction's records have one commit position. */
export interface LogPosition {
  readonly commit: number;
  readonly prepare: number;
}

export interface LoggedEvent extends LogPosition {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** In ms since 1970. */
  readonly created: number;
}

export type ProposedEvent = Pick<LoggedEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export interface LoggedStream {
  readonly name: string;
  /** By revision; what was deleted stays in the log until somebody scavenges it. */
  readonly events: LoggedEvent[];
  /** The first revision that can be read; infinite where the stream has been deleted and not begun again. */
  visibleFrom: number;
  isTombstoned: boolean;
}

const Line = z.union([
  z.strictObject({
    stream: z.string(),
    events: z.array(
      z.strictObject({
        id: z.string(),
        type: z.string(),
        contentType: z.string(),
        data: z.string(),
        metadata: z.string(),
        created: z.number(),
      }),
    ),
  }),
  z.strictObject({ deleted: z.string(), created: z.number() }),
  z.strictObject({ tombstoned: z.string(), created: z.number() }),
]);
type Line = z.infer<typeof Line>;

export interface EventLogOptions {
  /** Where it is kept, so that a process that was killed finds it again; in memory where it is left out. */
  readonly file?: string;
  /** Whether the events of one append share a commit position, as those of transactions of older clients do. */
  readonly transactions?: boolean;
}

/** What a server needs for a record beside its content, in bytes. */
const RECORD_OVERHEAD = 90;

/** What servers write and read. It outlives them, as a disk does. */
export class EventLog {
  /** In the order of their positions. */
  readonly events: LoggedEvent[] = [];
  readonly #streams = new Map<string, LoggedStream>();
  readonly #grown = new Set<() => void>();
  readonly #file: number | null;
  readonly #transactions: boolean;
  #end = 0;

  constructor({ file, transactions = false }: EventLogOptions = {}) {
    this.#transactions = transactions;
    this.#file = file === undefined ? null : this.#takeUp(file);
  }

  /** Undefined where nothing was ever written to it. */
  stream(name: string): LoggedStream | undefined {
    return this.#streams.get(name);
  }

  append(name: string, events: readonly ProposedEvent[]): readonly LoggedEvent[] {
    const created = Date.now();
    this.#keep({
      stream: name,
      events: events.map(({ data, metadata, ...event }) => ({
        ...event,
        data: Buffer.from(data).toString('base64'),
        metadata: Buffer.from(metadata).toString('base64'),
        created,
      })),
    });
    return this.#append(name, events, created);
  }

  /** What it held can no longer be read as a stream; what is appended then goes on from its last revision. */
  delete(name: string): LoggedEvent | undefined {
    const created = Date.now();
    this.#keep({ deleted: name, created });
    return this.#delete(name, created);
  }

  /** For good: nothing can ever be appended to it again. */
  tombstone(name: string): LoggedEvent | undefined {
    const created = Date.now();
    this.#keep({ tombstoned: name, created });
    return this.#tombstone(name, created);
  }

  /** The index of the first event at or after a position, or after it. */
  indexFrom(position: LogPosition, isInclusive: boolean): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const difference = comparePositions(this.events[middle], position);
      if (difference < 0 || (difference === 0 && !isInclusive)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @returns what takes the listener off again */
  onGrowth(listener: () => void): () => void {
    this.#grown.add(listener);
    return () => this.#grown.delete(listener);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }

  #append(name: string, proposed: readonly ProposedEvent[], created: number): readonly LoggedEvent[] {
    const stream = this.#streamNamed(name);
    if (stream.visibleFrom === Number.POSITIVE_INFINITY) stream.visibleFrom = stream.events.length;
    const prepares = proposed.map(({ type, data, metadata }) => {
      const prepare = this.#end;
      this.#end += RECORD_OVERHEAD + Buffer.byteLength(name + type) + data.length + metadata.length;
      return prepare;
    });
    const transaction = this.#transactions && proposed.length > 1 ? this.#end : null;
    if (transaction !== null) this.#end += RECORD_OVERHEAD;
    const events = proposed.map((event, index): LoggedEvent => {
      const prepare = prepares[index] ?? 0;
      const position = { commit: transaction ?? prepare, prepare };
      return { ...event, ...position, stream: name, revision: stream.events.length + index, created };
    });
    stream.events.push(...events);
    this.events.push(...events);
    for (const notify of this.#grown) notify();
    return events;
  }

  #delete(name: string, created: number): LoggedEvent | undefined {
    this.#streamNamed(name).visibleFrom = Number.POSITIVE_INFINITY;
    const data = Buffer.from(JSON.stringify({ $tb: Number.MAX_SAFE_INTEGER }));
    return this.#append(`$$${name}`, [systemEvent('$metadata', data)], created).at(-1);
  }

  #tombstone(name: string, created: number): LoggedEvent | undefined {
    const deleted = this.#append(name, [systemEvent('$streamDeleted', Buffer.alloc(0))], created).at(-1);
    this.#streamNamed(name).isTombstoned = true;
    return deleted;
  }

  #streamNamed(name: string): LoggedStream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const stream: LoggedStream = { name, events: [], visibleFrom: 0, isTombstoned: false };
    this.#streams.set(name, stream);
    return stream;
  }

  #keep(line: Line): void {
    if (this.#file !== null) writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  /** What a process that was killed had begun to write and nobody was told of is cut off. */
  #takeUp(file: string): number {
    const content = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const whole = content.lastIndexOf('\n') + 1;
    let start = 0;
    while (start < whole) {
      const end = content.indexOf('\n', start);
      this.#replay(Line.parse(JSON.parse(content.toString('utf8', start, end))));
      start = end + 1;
    }
    const opened = openSync(file, 'a');
    ftruncateSync(opened, whole);
    return opened;
  }

  #replay(line: Line): void {
    if ('deleted' in line) return void this.#delete(line.deleted, line.created);
    if ('tombstoned' in line) return void this.#tombstone(line.tombstoned, line.created);
    const events = line.events.map(({ id, type, contentType, data, metadata }) => ({
      id,
      type,
      contentType,
      data: Buffer.from(data, 'base64'),
      metadata: Buffer.from(metadata, 'base64'),
    }));
    this.#append(line.stream, events, line.events[0]?.created ?? 0);
  }
}

function systemEvent(type: string, data: Uint8Array): ProposedEvent {
  const id = crypto.randomUUID();
  return { id, type, contentType: 'application/json', data, metadata: Buffer.alloc(0) };
}

export function comparePositions(a: LogPosition | undefined, b: LogPosition): number {
  if (a === undefined) return 1;
  return a.commit - b.commit || a.prepare - b.prepare;
}
